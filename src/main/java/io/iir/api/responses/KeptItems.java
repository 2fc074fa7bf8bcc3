package io.iir.api.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.openai.JsonBytes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The output items of the last hour's answers, in memory, by their ids: clients refer to them by
 * {@code item_reference}. Whoever knows an id, which cannot be guessed, may refer to its item. When
 * they are more than {@value #MOST_BYTES} bytes, some go early. Thread-safe.
 */
final class KeptItems {

  private static final long MOST_BYTES = 64L << 20;
  private static final Duration TIME = Duration.ofHours(1);

  private final Cache<String, byte[]> items =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((String id, byte[] item) -> id.length() + item.length + 64)
          .expireAfterWrite(TIME)
          .executor(Runnable::run)
          .build();

  /** Keeps {@code item}, JSON. */
  void keep(String id, byte[] item) {
    items.put(id, item);
  }

  /** The item of that id; null: there is none, or none any more. */
  @Nullable ObjectNode find(String id) {
    byte[] item = items.getIfPresent(id);
    return item == null ? null : JsonBytes.object(item);
  }
}
