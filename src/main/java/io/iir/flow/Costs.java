package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import io.iir.throttle.Permit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What requests cost, in billionths of a USD. Stateless. */
final class Costs {

  private Costs() {}

  /**
   * What the request has cost so far by its tally, whoever was called for it. Where the provider
   * has not said what it counted, it is no more than was reserved, since that is all it may have
   * been.
   */
  static long nanoUsd(Exchange exchange) {
    Tally tally = Variables.TALLY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    if (tally == null) {
      return 0;
    }
    if (attempts == null || !tally.called()) {
      return tally.nanoUsdAside();
    }
    long all = tally.nanoUsdAside() + ofAnswer(tally, attempts.current().facts());
    return tally.isReported() ? all : Math.min(all, most(Variables.PERMIT.find(exchange)));
  }

  /** What the answer has cost so far, of which a model with {@code facts} gives the end. */
  static long ofAnswer(Tally tally, ModelFacts facts) {
    long broken = tally.nanoUsdBroken();
    if (broken >= 0) {
      return broken;
    }
    Price price = facts.price();
    if (price == null) {
      return tally.nanoUsdBefore();
    }
    return tally.nanoUsdBefore()
        + price.nanoUsd(
            Math.max(0, tally.promptTokens() - tally.promptTokensBefore()),
            Math.max(0, tally.completionTokens() - tally.completionTokensBefore()));
  }

  /** A call to a model with {@code facts} was given up: its prompt is paid for. */
  static void givenUp(Tally tally, long promptTokens, ModelFacts facts) {
    Price price = facts.price();
    tally.aside(promptTokens, price == null ? 0 : price.nanoUsd(promptTokens, 0));
  }

  private static long most(@Nullable Permit permit) {
    return permit != null && Cover.hasBudget(permit.charge().quotas())
        ? permit.charge().nanoUsd()
        : Long.MAX_VALUE;
  }
}
