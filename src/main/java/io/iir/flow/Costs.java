package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.provider.Price;
import org.apache.camel.Exchange;

/** What requests cost, in billionths of a USD. Stateless. */
final class Costs {

  private Costs() {}

  /** What the request has cost so far by its tally; 0 where no provider has answered. */
  static long nanoUsd(Exchange exchange) {
    Tally tally = Variables.TALLY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    if (tally == null || attempts == null || !tally.called()) {
      return 0;
    }
    Price price = attempts.current().facts().price();
    return price == null ? 0 : price.nanoUsd(tally.promptTokens(), tally.completionTokens());
  }
}
