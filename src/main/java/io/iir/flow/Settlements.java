package io.iir.flow;

import io.iir.metrics.FlowMeters;
import io.iir.usage.Ledger;
import io.iir.usage.RowIds;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Begins the {@link Settlement} of each request. Thread-safe. */
@Component
final class Settlements {

  private final Ledger ledger;
  private final RowIds ids;
  private final Clock clock;
  private final FlowMeters meters;
  private final RequestMeters requests;
  private final List<AnswerWatch> watches;

  Settlements(
      Ledger ledger,
      RowIds ids,
      Clock clock,
      FlowMeters meters,
      RequestMeters requests,
      List<AnswerWatch> watches) {
    this.ledger = ledger;
    this.ids = ids;
    this.clock = clock;
    this.meters = meters;
    this.requests = requests;
    this.watches = watches;
  }

  /** From now on the end of {@code exchange} will be settled, whatever it is. */
  void begin(Exchange exchange) {
    Settlement settlement = new Settlement(ledger, ids, clock, meters, requests, watches);
    Variables.SETTLEMENT.set(exchange, settlement);
    exchange.getExchangeExtension().addOnCompletion(settlement);
  }
}
