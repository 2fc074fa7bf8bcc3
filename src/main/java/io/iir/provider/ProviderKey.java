package io.iir.provider;

import io.iir.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * One of a provider's keys, and until when it is not used. Thread-safe, without locks where it is
 * used.
 */
final class ProviderKey {

  /** A key that was refused is tried again after this, and after twice as long each time. */
  static final Duration REFUSED = Duration.ofMinutes(5);

  /** The same for one that was used too much, where the provider does not say. */
  static final Duration LIMITED = Duration.ofSeconds(5);

  private static final Duration LONGEST_REFUSED = Duration.ofHours(1);
  private static final Duration LONGEST_LIMITED = Duration.ofMinutes(1);
  private static final int SHOWN = 8;

  private final Secret secret;
  private final String id;
  private int times;
  private volatile boolean cooled;
  private volatile int status;
  private volatile long until;
  private long refusedAt;

  ProviderKey(Secret secret) {
    this.secret = secret;
    this.id = idOf(secret);
  }

  private static String idOf(Secret secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(secret.value().getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Secret secret() {
    return secret;
  }

  /** What it is shown as: the beginning of its SHA-256. */
  String id() {
    return id;
  }

  /** Whether it is not to be used at {@code now}. */
  boolean isCooled(long now) {
    return cooled && until - now > 0;
  }

  /** When it may be used again. */
  long until() {
    return until;
  }

  /** The status it was refused with last; 0: it has not been. */
  int status() {
    return status;
  }

  /**
   * It has worked for a call that began at {@code begun}. One that began before the key was refused
   * says nothing of it since.
   */
  void worked(long begun) {
    if (cooled) {
      clearIfRefusedBefore(begun);
    }
  }

  private synchronized void clearIfRefusedBefore(long begun) {
    if (begun - refusedAt > 0) {
      clear();
    }
  }

  /** It may be used again, as if nothing had been. */
  synchronized void clear() {
    cooled = false;
    times = 0;
    status = 0;
  }

  /**
   * It was refused with {@code answer} at {@code now}.
   *
   * @param retryNanos when the provider says it may be used again; 0: it does not
   */
  synchronized void refused(int answer, long retryNanos, long now) {
    boolean limited = answer == 429;
    long first = (limited ? LIMITED : REFUSED).toNanos();
    long longest = (limited ? LONGEST_LIMITED : LONGEST_REFUSED).toNanos();
    long own = Math.min(longest, first << Math.min(times, 16));
    if (!isCooled(now)) {
      times++; // calls at a time are refused together: that is one time
    }
    long wait = limited && retryNanos > 0 ? Math.min(retryNanos, LONGEST_REFUSED.toNanos()) : own;
    status = answer;
    refusedAt = now;
    until = now + wait;
    cooled = true;
  }
}
