package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.classify.Classification;
import io.iir.metrics.FlowMeters;
import io.iir.provider.ModelName;
import io.iir.throttle.Permit;
import io.iir.trace.RequestTrace;
import io.iir.transport.AnswerStream;
import io.iir.usage.Classified;
import io.iir.usage.Ledger;
import io.iir.usage.RowIds;
import io.iir.usage.UsageRow;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Ends one request's account, once: what it used is settled with its limits and budgets, and put
 * into the ledger. That happens before the last byte of the answer leaves, so that an answer which
 * a client has whole is in the ledger whatever becomes of the gateway; where there is no such
 * moment, because the client has left or the answer has broken off, it happens when the exchange is
 * done.
 */
final class Settlement extends SynchronizationAdapter {

  private final Ledger ledger;
  private final RowIds ids;
  private final Clock clock;
  private final FlowMeters meters;
  private final RequestMeters requests;
  private final List<AnswerWatch> watches;
  private final AtomicBoolean settled = new AtomicBoolean();

  /** The settlement of one request. */
  Settlement(
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

  /** The exchange's answer is there: settles with it, or with the end of the stream that it is. */
  void answered(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof AnswerStream stream) {
      stream.beforeLast(() -> {
        RequestTrace trace = Variables.TRACE.find(exchange);
        if (trace != null) {
          trace.lastByte(System.nanoTime());
        }
        settle(exchange);
      });
    } else {
      settle(exchange);
    }
  }

  @Override
  public void onDone(Exchange exchange) {
    settle(exchange);
  }

  private void settle(Exchange exchange) {
    if (!settled.compareAndSet(false, true)) {
      return;
    }
    Tally tally = Variables.TALLY.find(exchange);
    long cost = Costs.nanoUsd(exchange);
    try {
      ModelName model = model(exchange, tally);
      UsageRow row = row(exchange, tally, model, cost);
      ledger.append(row);
      requests.settled(row, model);
      for (int i = 0; i < watches.size(); i++) {
        watches.get(i).ended(exchange, row);
      }
    } finally {
      settle(exchange, tally, cost);
    }
  }

  /** In the ledger first: whoever reads there what is spent misses nothing that is charged. */
  private void settle(Exchange exchange, @Nullable Tally tally, long cost) {
    Permit permit = Variables.PERMIT.find(exchange);
    if (permit != null) {
      if (cost > permit.charge().nanoUsd() && Cover.hasBudget(permit.charge().quotas())) {
        meters.budgetOvershoot();
      }
      permit.settle(tally == null ? 0 : tally.totalTokens(), cost);
    }
  }

  private UsageRow row(
      Exchange exchange, @Nullable Tally tally, @Nullable ModelName model, long cost) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    long start = Variables.TIMINGS.get(exchange).startNanos();
    long latency = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    long firstToken = tally == null ? 0 : tally.clientFirstTokenNanos();
    return new UsageRow(
        ids.next(),
        Instant.ofEpochMilli(clock.millis() - latency),
        Variables.REQUEST_ID.get(exchange),
        key.id(),
        key.team(),
        exchange.getFromRouteId(),
        model == null ? null : model.id(),
        tally == null ? 0 : tally.promptTokens() + tally.promptTokensAside(),
        tally == null ? 0 : tally.cachedTokens(),
        tally == null ? 0 : tally.completionTokens() + tally.completionTokensAside(),
        cost,
        RequestOutcome.status(exchange),
        RequestOutcome.word(exchange),
        Variables.CACHE.find(exchange),
        latency,
        firstToken == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(firstToken - start),
        classified(exchange));
  }

  private static @Nullable Classified classified(Exchange exchange) {
    String category = Variables.CATEGORY.find(exchange);
    Double complexity = Variables.COMPLEXITY.find(exchange);
    Classification told = Variables.CLASSIFICATION.find(exchange);
    if (category == null || complexity == null || told == null) {
      return null;
    }
    Pairing pairing = Variables.PAIRING.find(exchange);
    return new Classified(
        category,
        complexity,
        told.scale(),
        pairing == null ? null : pairing.weak().name().id(),
        pairing == null ? null : pairing.strong().name().id());
  }

  /** Who answered; else who was asked last, where the request has used something. */
  private static @Nullable ModelName model(Exchange exchange, @Nullable Tally tally) {
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (answered != null) {
      return answered;
    }
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    return attempts != null && tally != null && tally.totalTokens() > 0
        ? attempts.current().name()
        : null;
  }
}
