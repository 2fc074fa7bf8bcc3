package io.iir.throttle.shared;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.iir.throttle.Quota;
import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What this gateway keeps of all subjects; one that was not used for a while is dropped. */
final class Subjects {

  /** Longer than a window, so that nothing is lost. */
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final LoadingCache<Subject, SharedSubject> subjects =
      Caffeine.newBuilder()
          .expireAfterAccess(IDLE)
          .executor(Runnable::run)
          .build(SharedSubject::new);

  SharedSubject get(Quota quota) {
    return subjects.get(quota.subject());
  }

  @Nullable SharedSubject find(Subject subject) {
    return subjects.getIfPresent(subject);
  }

  Collection<SharedSubject> all() {
    return subjects.asMap().values();
  }

  /** What was spent, as Redis told it last; where it has not, as {@code ledger} knows it. */
  Spent known(Spent ledger) {
    return new Spent() {
      @Override
      public CompletableFuture<Long> nanoUsd(Subject subject, Instant start) {
        SharedSubject shared = find(subject);
        long used = shared == null ? -1 : shared.lastUsed(start.getEpochSecond());
        return used < 0 ? ledger.nanoUsd(subject, start) : CompletableFuture.completedFuture(used);
      }
    };
  }
}
