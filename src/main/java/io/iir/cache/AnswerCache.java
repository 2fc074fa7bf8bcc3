package io.iir.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Answers in memory, the least useful dropped when they take more room than they may. Thread-safe.
 */
public final class AnswerCache {

  private final Cache<String, CachedAnswer> answers;

  /**
   * A cache of at most {@code maxBytes}, each answer kept for {@code ttl} unless it says otherwise.
   */
  public AnswerCache(long maxBytes, Duration ttl) {
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, CachedAnswer answer) -> answer.weight() + 2 * key.length())
            .expireAfter(
                Expiry.creating(
                    (String key, CachedAnswer answer) -> answer.ttl() == null ? ttl : answer.ttl()))
            // On the caller's thread: answers are dropped by the byte array, at no cost, and each
            // other thread that is woken costs the caller a system call.
            .executor(Runnable::run)
            .build();
  }

  /** The answer under {@code key}, or null. */
  public @Nullable CachedAnswer find(String key) {
    return answers.getIfPresent(key);
  }

  /** Keeps {@code answer} under {@code key}. */
  public void store(String key, CachedAnswer answer) {
    answers.put(key, answer);
  }
}
