package io.iir.feedback;

import io.iir.usage.Classified;
import io.iir.usage.UsageRow;
import org.jspecify.annotations.Nullable;

/**
 * A request that was answered, as the ledger knows it.
 *
 * @param keyId whose it was
 * @param requestId its {@code x-request-id}
 * @param model who answered
 * @param category what was asked for
 * @param complexity 0 to 1
 * @param classifier the classifier's version, on whose scale that is
 * @param pair between whom it was a choice; null: it was none
 */
public record Served(
    String keyId,
    String requestId,
    String model,
    String category,
    double complexity,
    String classifier,
    @Nullable Pair pair) {

  /** What {@code row} says; null: it is no conversation that was answered. */
  public static @Nullable Served of(UsageRow row) {
    Classified classified = row.classified();
    String model = row.model();
    if (classified == null || model == null) {
      return null;
    }
    String weak = classified.weak();
    String strong = classified.strong();
    return new Served(
        row.keyId(),
        row.requestId(),
        model,
        classified.category(),
        classified.complexity(),
        classified.classifier(),
        weak == null || strong == null ? null : new Pair(weak, strong));
  }

  /** The same, as a choice between {@code pair}. */
  public Served between(Pair pair) {
    return new Served(keyId, requestId, model, category, complexity, classifier, pair);
  }

  /** The same, as if {@code model} had answered. */
  Served by(String model) {
    return new Served(keyId, requestId, model, category, complexity, classifier, pair);
  }
}
