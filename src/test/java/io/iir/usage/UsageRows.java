package io.iir.usage;

import java.time.Instant;

/** Rows for tests. */
final class UsageRows {

  private UsageRows() {}

  /** A successful request of {@code keyId} that cost 7 billionths for each of its {@code id}. */
  static UsageRow row(long id, String keyId) {
    return row(id, keyId, Instant.parse("2026-07-15T12:00:00Z"));
  }

  /** The same at {@code at}. */
  static UsageRow row(long id, String keyId, Instant at) {
    return new UsageRow(
        id,
        at,
        "request-" + id,
        keyId,
        "team-a",
        "chat-completions",
        "local/model-" + id % 5,
        10,
        4,
        3,
        7,
        200,
        "success",
        "miss",
        12,
        5,
        null);
  }
}
