package io.iir.provider;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider's own list of models.
 *
 * @param models the last list that it gave, or null if it never gave one
 * @param asked when this gateway asked it last, or null if it has not since its start
 * @param failure why it gave none then, or null if it did
 * @param kind what kind of provider gave the list, or null if none did
 */
record ListState(
    @Nullable List<ListedModel> models,
    @Nullable Instant asked,
    @Nullable String failure,
    @Nullable String kind) {

  static final ListState NEVER_ASKED = new ListState(null, null, null, null);

  /** A list from before the gateway's start. */
  static ListState kept(KeptLists.KeptList list) {
    return new ListState(list.models(), null, null, list.kind());
  }

  /** Whether it gave its list when it was asked last, after the gateway's start. */
  boolean fresh() {
    return asked != null && failure == null;
  }

  ListState listed(List<ListedModel> now, Instant at) {
    return new ListState(now, at, null, kind);
  }

  /** The same, given by a provider of kind {@code word}. */
  ListState by(String word) {
    return new ListState(models, asked, failure, word);
  }

  /** The old list stays. */
  ListState failed(String reason, Instant at) {
    return new ListState(models, at, reason, kind);
  }

  /**
   * {@code never asked}, {@code listed before the restart}, {@code ok}, or {@code failed:
   * <reason>}.
   */
  String words() {
    if (asked == null) {
      return models == null ? "never asked" : "listed before the restart";
    }
    return failure == null ? "ok" : "failed: " + failure;
  }
}
