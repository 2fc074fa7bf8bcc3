package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.metrics.BoundedTags;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.ModelMeters;
import io.iir.metrics.ModelTag;
import io.iir.metrics.RequestTags;
import io.iir.metrics.TeamMeters;
import io.iir.provider.ModelName;
import io.iir.usage.UsageRow;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Counts requests when their answers have ended, and what they used. Thread-safe. */
@Component
final class RequestMeters {

  private static final double NANO = 1e-9;
  private static final String RATE_LIMITED = "rate_limited";

  private final FlowMeters meters;
  private final ModelTags models;
  private final TeamMeters teams;
  private final CallMeters calls;

  RequestMeters(FlowMeters meters, ModelTags models, TeamMeters teams, CallMeters calls) {
    this.meters = meters;
    this.models = models;
    this.teams = teams;
    this.calls = calls;
  }

  /**
   * The answer to {@code exchange}, which came by {@code route}, has ended.
   *
   * @param outcome what became of the request, in a word
   * @param endNanos when, in {@link System#nanoTime} terms
   */
  void ended(String route, Exchange exchange, String outcome, long endNanos) {
    long start = Variables.TIMINGS.get(exchange).startNanos();
    ModelName asked = asked(exchange);
    if (!route.equals(JudgeRoute.ID)) { // no client's; comparisons have a meter of their own
      count(route, exchange, outcome, asked, endNanos - start);
    }
    Tally tally = Variables.TALLY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    ModelName last = attempts == null ? null : attempts.lastAsked();
    if (tally != null && last != null) {
      calls.streamEnded(exchange, last, tally);
    }
    if (tally != null && asked != null && tally.called()) {
      answered(asked, tally, start);
    }
  }

  private void count(
      String route, Exchange exchange, String outcome, @Nullable ModelName asked, long nanos) {
    String cache = Variables.CACHE.find(exchange);
    meters.request(
        new RequestTags(
            route,
            outcome,
            RequestOutcome.statusClass(exchange),
            asked == null ? ModelTag.NONE : models.of(asked).tag(),
            cache == null ? BoundedTags.NONE : cache),
        nanos);
    ApiKey key = Variables.PRINCIPAL.find(exchange);
    if (key != null
        && (Variables.SETTLEMENT.find(exchange) != null || outcome.equals(RATE_LIMITED))) {
      teams.ended(key.team(), outcome);
    }
  }

  /** Who answered, or was asked last; null: nobody. */
  private static @Nullable ModelName asked(Exchange exchange) {
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    return answered != null ? answered : attempts == null ? null : attempts.lastAsked();
  }

  private void answered(ModelName name, Tally tally, long start) {
    if (tally.promptRatio() > 0) {
      meters.estimateError(name.provider(), tally.promptRatio());
    }
    if (tally.clientFirstTokenNanos() == 0) {
      return;
    }
    ModelMeters model = models.of(name);
    model.firstToken(tally.clientFirstTokenNanos() - start);
    long tokens = tally.completionTokens() - 1;
    if (tokens > 0 && tally.finishedNanos() != 0 && tally.failure() == null) {
      model.nextTokens((tally.finishedNanos() - tally.firstTokenNanos()) / tokens);
    }
  }

  /** {@code row} is in the ledger: {@code model}, if there was one, used what it says. */
  void settled(UsageRow row, @Nullable ModelName model) {
    double usd = row.costNanoUsd() * NANO;
    teams.used(row.team(), row.promptTokens(), row.completionTokens(), usd);
    if (model != null && (row.promptTokens() > 0 || row.completionTokens() > 0)) {
      models.of(model).used(row.promptTokens(), row.completionTokens(), usd);
    }
  }
}
