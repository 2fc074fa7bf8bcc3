package io.iir.registry;

import io.iir.provider.Provider;
import io.iir.provider.ProviderStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A provider as the registry keeps it.
 *
 * @param name what model names begin with
 * @param kind what it is
 * @param protocol how it is spoken to
 * @param baseUrls where it is; several or none for servers that are found
 * @param state {@code ok}, {@code failed} or {@code fixed}
 * @param error why it gave no list; null: it did
 * @param asked when that was
 */
record KnownProvider(
    String name,
    String kind,
    String protocol,
    List<String> baseUrls,
    State state,
    @Nullable String error,
    Instant asked) {

  /** What came of asking a provider the last time. */
  enum State {
    /** It gave a list. */
    OK,
    /** It gave none. */
    FAILED,
    /** It is not asked: its models are written down. */
    FIXED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code provider} of which {@code status} is known, at {@code asked}. */
  static KnownProvider of(
      Provider provider,
      ProviderStatus status,
      State state,
      @Nullable String error,
      Instant asked) {
    return new KnownProvider(
        provider.name(),
        Kinds.of(provider, status),
        status.protocol(),
        status.baseUrls().stream().map(Objects::toString).toList(),
        state,
        error,
        asked);
  }

  /** The row of {@code registry_providers}, by column. */
  Map<String, @Nullable Object> toRow() {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("name", name);
    row.put("kind", kind);
    row.put("protocol", protocol);
    row.put("base_urls", ListedJson.texts(baseUrls));
    row.put("state", state.word());
    row.put("error", error);
    row.put("asked_at", asked.toEpochMilli());
    row.put("listed_at", state == State.FAILED ? null : asked.toEpochMilli());
    return row;
  }
}
