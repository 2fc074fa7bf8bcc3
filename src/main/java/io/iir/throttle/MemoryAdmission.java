package io.iir.throttle;

import java.util.concurrent.atomic.AtomicBoolean;

/** An admission of the {@link MemoryRateLimiter}. */
final class MemoryAdmission implements Admission {

  private final SubjectState.Grant grant;
  private final long reserved;
  private final Runnable afterwards;
  private final AtomicBoolean settled = new AtomicBoolean();

  MemoryAdmission(SubjectState.Grant grant, long reserved, Runnable afterwards) {
    this.grant = grant;
    this.reserved = reserved;
    this.afterwards = afterwards;
  }

  @Override
  public RateLimitSnapshot snapshot() {
    return grant.snapshot();
  }

  @Override
  public void settle(long actualTokens) {
    if (settled.compareAndSet(false, true)) {
      grant.giveBack(reserved, Math.max(0, actualTokens));
      afterwards.run();
    }
  }
}
