package io.iir.throttle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may pass. Of all that forbids it, what lasts longest is told: when that is
 * over, it may pass. Also where its limits stand: the tightest of each kind. Used by one thread.
 */
final class Verdict {

  /** A wait that never ends. */
  static final long NEVER = Long.MAX_VALUE;

  private @Nullable Quota quota;
  private LimitKind kind = LimitKind.REQUESTS;
  private long asked;
  private long wait;

  private long requestsLimit;
  private long requestsLeft = Long.MAX_VALUE;
  private long requestsReset;
  private long tokensLimit;
  private long tokensLeft = Long.MAX_VALUE;
  private long tokensReset;

  /** A limit for which the request has to wait so long, in milliseconds; 0: it does not. */
  void add(Quota of, LimitKind which, long amount, long millis) {
    if (millis > wait) {
      quota = of;
      kind = which;
      asked = amount;
      wait = millis;
    }
  }

  /** Looks at where the limits of {@code state} stand. */
  void see(SubjectState state, Quota of, Moment now) {
    Limits limits = of.limits();
    Window requests = state.requests;
    if (limits.rpm() > 0 && requests != null) {
      long left = Math.max(0, now.share(limits.rpm()) - requests.sum());
      long reset = requests.emptyIn(now.millis());
      if (left < requestsLeft || (left == requestsLeft && reset > requestsReset)) {
        requestsLimit = limits.rpm();
        requestsLeft = left;
        requestsReset = reset;
      }
    }
    Window tokens = state.tokens;
    if (limits.tpm() > 0 && tokens != null) {
      long left = Math.max(0, now.share(limits.tpm()) - tokens.sum());
      long reset = tokens.emptyIn(now.millis());
      if (left < tokensLeft || (left == tokensLeft && reset > tokensReset)) {
        tokensLimit = limits.tpm();
        tokensLeft = left;
        tokensReset = reset;
      }
    }
  }

  boolean isRefusal() {
    return quota != null;
  }

  /** The refusal; null: there is none. */
  @Nullable RateLimitedException refusal() {
    return quota == null
        ? null
        : new RateLimitedException(
            quota, kind, asked, wait == NEVER ? null : Duration.ofMillis(wait), snapshot());
  }

  RateLimitSnapshot snapshot() {
    return requestsLimit == 0 && tokensLimit == 0
        ? RateLimitSnapshot.UNLIMITED
        : new RateLimitSnapshot(
            level(requestsLimit, requestsLeft, requestsReset),
            level(tokensLimit, tokensLeft, tokensReset));
  }

  private static RateLimitSnapshot.@Nullable Level level(long limit, long left, long reset) {
    return limit == 0 ? null : new RateLimitSnapshot.Level(limit, left, Duration.ofMillis(reset));
  }
}
