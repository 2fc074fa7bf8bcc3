package io.iir.provider;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider's own list of models.
 *
 * @param models the last list that it gave, or null if it never gave one
 * @param asked when it was asked last, or null if never
 * @param failure why it gave none then, or null if it did
 */
record ListState(
    @Nullable List<ListedModel> models, @Nullable Instant asked, @Nullable String failure) {

  static final ListState NEVER_ASKED = new ListState(null, null, null);

  ListState listed(List<ListedModel> now, Instant at) {
    return new ListState(now, at, null);
  }

  /** The old list stays. */
  ListState failed(String reason, Instant at) {
    return new ListState(models, at, reason);
  }

  /** {@code never asked}, {@code ok}, or {@code failed: <reason>}. */
  String words() {
    return asked == null ? "never asked" : failure == null ? "ok" : "failed: " + failure;
  }
}
