package io.iir.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.throttle.Budget;
import io.iir.throttle.Subject;
import io.iir.throttle.Usd;
import java.time.Instant;

/**
 * A budget is used up to a share.
 *
 * @param start when the period began
 * @param percent the share
 * @param nanoUsd what has been spent in that period, in billionths of a USD
 * @param at when that was found
 */
record BudgetAlert(
    Subject subject, Budget budget, Instant start, int percent, long nanoUsd, Instant at) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  /** It in a sentence. */
  String words() {
    return "%s has used %d%% of its budget of %s (period: %s): %s"
        .formatted(
            subject.words(),
            percent,
            Usd.words(budget.nanoUsd()),
            budget.period().word(),
            Usd.words(nanoUsd));
  }

  /** It as the route {@code budget-alert} gets it. */
  String json() {
    Instant end = budget.period().end(start);
    ObjectNode alert =
        JSON.createObjectNode()
            .put("object", "budget_alert")
            .put("scope", subject.scope().word())
            .put("id", subject.id())
            .put("name", subject.name())
            .put("percent", percent)
            .put("usd", Usd.of(budget.nanoUsd()))
            .put("used_usd", Usd.of(nanoUsd))
            .put("period", budget.period().word())
            .put("resets_at", end == null ? null : end.toString())
            .put("at", at.toString());
    try {
      return JSON.writeValueAsString(alert);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
