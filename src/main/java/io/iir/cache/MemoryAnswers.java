package io.iir.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Answers in memory, the least useful dropped when they take more room than they may or are too
 * many. Thread-safe.
 */
final class MemoryAnswers {

  private final Cache<String, CachedAnswer> answers;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final int least;

  /** At most {@code maxEntries} answers of at most {@code maxBytes} together. */
  MemoryAnswers(long maxBytes, int maxEntries, Clock clock) {
    // Caffeine bounds a sum of weights or a count: a small answer weighs its share of the count.
    this.least = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / maxEntries));
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, CachedAnswer answer) -> weight(key, answer))
            .expireAfter(
                Expiry.creating(
                    (String key, CachedAnswer answer) -> positive(answer.left(clock.instant()))))
            .removalListener(
                (@Nullable String key, @Nullable CachedAnswer answer, RemovalCause cause) -> {
                  bytes.add(answer == null ? 0 : -answer.weight());
                  if (cause == RemovalCause.SIZE) {
                    evictions.increment();
                  }
                })
            // On the caller's thread: answers are dropped by the byte array, at no cost, and each
            // other thread that is woken costs the caller a system call.
            .executor(Runnable::run)
            .build();
  }

  private int weight(String key, CachedAnswer answer) {
    return Math.max(least, answer.weight() + 2 * key.length());
  }

  private static Duration positive(Duration left) {
    return left.isPositive() ? left : Duration.ofNanos(1);
  }

  /** The answer under {@code key}, or null. */
  @Nullable CachedAnswer find(String key) {
    return answers.getIfPresent(key);
  }

  /** Keeps {@code answer} under {@code key}. */
  void store(String key, CachedAnswer answer) {
    bytes.add(answer.weight());
    answers.put(key, answer);
  }

  void drop(String key, CachedAnswer answer) {
    answers.asMap().remove(key, answer);
  }

  /** Drops what {@code filter} means; answers how many that were. */
  int clear(CacheFilter filter) {
    answers.cleanUp();
    int[] cleared = {0};
    answers
        .asMap()
        .entrySet()
        .removeIf(each -> {
          boolean meant = filter.matches(each.getValue());
          cleared[0] += meant ? 1 : 0;
          return meant;
        });
    return cleared[0];
  }

  long entries() {
    return answers.estimatedSize();
  }

  /** The memory that the answers take, in bytes. */
  long bytes() {
    return bytes.sum();
  }

  /** How many were dropped for want of room. */
  long evictions() {
    return evictions.sum();
  }
}
