package io.iir.throttle;

/** An admission of the {@link MemoryRateLimiter}. */
final class MemoryAdmission implements Admission {

  private final SubjectState.Grant grant;
  private final Runnable afterwards;
  private volatile RateLimitSnapshot snapshot;
  private long reserved;
  private boolean settled;

  MemoryAdmission(SubjectState.Grant grant, Runnable afterwards) {
    this.grant = grant;
    this.afterwards = afterwards;
    this.snapshot = grant.snapshot();
  }

  @Override
  public RateLimitSnapshot snapshot() {
    return snapshot;
  }

  @Override
  public synchronized void reserve(long tokens) {
    if (settled || reserved > 0) {
      throw new IllegalStateException("tokens are reserved once, before the request is settled");
    }
    try {
      snapshot = grant.reserve(tokens);
      reserved = tokens;
    } catch (RateLimitedException refusal) {
      snapshot = refusal.snapshot();
      settled = true;
      afterwards.run();
      throw refusal;
    }
  }

  @Override
  public synchronized void settle(long actualTokens) {
    if (!settled) {
      settled = true;
      grant.giveBack(reserved, Math.max(0, actualTokens));
      afterwards.run();
    }
  }
}
