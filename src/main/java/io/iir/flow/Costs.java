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
    Price price = facts.price();
    if (price == null) {
      return tally.nanoUsdBefore();
    }
    return tally.nanoUsdBefore()
        + price.nanoUsd(
            Math.max(0, tally.promptTokens() - tally.promptTokensBefore()),
            Math.max(0, tally.completionTokens() - tally.completionTokensBefore()));
  }

  /** The call to the current target brought no answer: see the other. */
  static void failed(Exchange exchange, boolean mayCost) {
    Tally tally = Variables.TALLY.get(exchange);
    failed(exchange, tally, Variables.ATTEMPTS.get(exchange).current().facts(), mayCost);
  }

  /**
   * A call of {@code tally}'s to a model with {@code facts} brought no answer. It is paid for all
   * the same if it {@code mayCost} something, or if some of an answer had come: its prompt and
   * that.
   */
  static void failed(Exchange exchange, Tally tally, ModelFacts facts, boolean mayCost) {
    if (!mayCost && tally.completionTokens() == 0) {
      tally.notAnswered();
      return;
    }
    long cost = ofAnswer(tally, facts);
    long most = most(Variables.PERMIT.find(exchange));
    tally.setAside(tally.isReported() ? cost : Math.min(cost, most));
  }

  private static long most(@Nullable Permit permit) {
    return permit != null && Cover.hasBudget(permit.charge().quotas())
        ? permit.charge().nanoUsd()
        : Long.MAX_VALUE;
  }
}
