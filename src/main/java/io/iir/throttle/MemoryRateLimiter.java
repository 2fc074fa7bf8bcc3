package io.iir.throttle;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * The limits of this process, in memory. A subject's state is dropped after an hour without
 * requests, by when its buckets are full again, and never while one of its requests runs.
 */
public final class MemoryRateLimiter implements RateLimiter {

  private static final Duration IDLE = Duration.ofHours(1);

  private final LoadingCache<String, SubjectState> subjects;

  /** A limiter on the system's clock. */
  public MemoryRateLimiter() {
    this(TimeMeter.SYSTEM_NANOTIME);
  }

  /** A limiter on {@code clock}, which also tells what is idle. */
  public MemoryRateLimiter(TimeMeter clock) {
    Ticker ticker = clock::currentTimeNanos;
    subjects =
        Caffeine.newBuilder()
            .expireAfter(Expiry.accessing((String id, SubjectState state) -> keep(state)))
            .ticker(ticker)
            // On the caller's thread: dropping a state is nothing, waking another thread is not.
            .executor(Runnable::run)
            .build(id -> new SubjectState(clock));
  }

  @Override
  public Admission admit(String subject, Limits limits) {
    while (true) {
      SubjectState state = subjects.get(subject);
      SubjectState.Grant grant = state.admit(limits);
      // Read again now that a request runs: from here on the state does not expire. If it expired
      // in between, what was taken was taken from a state that nobody else sees.
      if (subjects.getIfPresent(subject) == state) {
        return new MemoryAdmission(grant, () -> renew(subject));
      }
    }
  }

  /** How many subjects are kept in memory. */
  public long subjects() {
    subjects.cleanUp();
    return subjects.estimatedSize();
  }

  /** Reads the subject's state, which sets anew how long it is kept. */
  private void renew(String subject) {
    var _ = subjects.getIfPresent(subject);
  }

  private static Duration keep(SubjectState state) {
    return state.isRunning() ? Duration.ofNanos(Long.MAX_VALUE) : IDLE;
  }
}
