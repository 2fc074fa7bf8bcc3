package io.iir.throttle.shared;

import io.iir.throttle.Budget;
import io.iir.throttle.LimitKind;
import io.iir.throttle.Period;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this gateway keeps of a subject whose limits are in Redis. Thread-safe. */
final class SharedSubject {

  /**
   * How long a refusal is remembered at most: another gateway may give back what it took, and this
   * one does not hear of it.
   */
  private static final long REMEMBERED_NANOS = 1_000_000_000;

  private final String name;
  private final Recent recent = new Recent();
  private volatile @Nullable Keys keys;
  private volatile @Nullable Refusal refusal;
  private volatile @Nullable Used used;
  private volatile @Nullable CostKeys costKeys;

  SharedSubject(Subject subject) {
    name = subject.scope().word() + ':' + subject.id();
  }

  /**
   * Its keys in a generation.
   *
   * @param budget of the period that {@code start} begins
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Keys(
      Generation generation, byte[] window, byte[] holdings, long start, byte[] budget) {}

  /** The keys of what was spent in a day, its month, and ever since. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record CostKeys(Generation generation, long day, byte[][] keys) {}

  /** What Redis said, first at {@code sinceNanos}. */
  private record Used(Generation generation, long start, long nanoUsd, long sinceNanos) {}

  private record Refusal(RateLimitedException what, long retryNanos, long forgetNanos) {}

  /**
   * Adds its keys to {@code to}: window, holdings, budget.
   *
   * @param start when the budget's period began, in seconds of the epoch
   */
  void keys(Generation generation, long start, Words to) {
    Keys known = keys(generation, start);
    to.add(known.window()).add(known.holdings()).add(known.budget());
  }

  private Keys keys(Generation generation, long start) {
    Keys known = keys;
    if (known == null || known.generation() != generation || known.start() != start) {
      known =
          new Keys(
              generation,
              generation.key("window", name),
              generation.key("held", name),
              start,
              generation.key("spent:" + start, name));
      keys = known;
    }
    return known;
  }

  /** Adds the keys of all that what a request of {@code day} costs may be charged to. */
  void costKeys(Generation generation, long day, Words to) {
    CostKeys known = costKeys;
    if (known == null || known.generation() != generation || known.day() != day) {
      Instant when = Instant.ofEpochSecond(day);
      byte[][] keys =
          Stream.of(Period.values())
              .map(period -> "spent:" + period.start(when).getEpochSecond())
              .map(kind -> generation.key(kind, name))
              .toArray(byte[][]::new);
      known = new CostKeys(generation, day, keys);
      costKeys = known;
    }
    for (byte[] key : known.keys()) {
      to.add(key);
    }
  }

  byte[] windowKey(Generation generation) {
    return generation.key("window", name);
  }

  byte[] holdingsKey(Generation generation) {
    return generation.key("held", name);
  }

  byte[] budgetKey(Generation generation, long start) {
    return generation.key("spent:" + start, name);
  }

  /** This gateway took so much of it in {@code second}; below 0: gave back. */
  void took(long second, long requests, long tokens) {
    if (requests != 0 || tokens != 0) {
      synchronized (recent) {
        recent.add(second, requests, tokens);
      }
    }
  }

  /** Hands out what this gateway used of it within the last minute. */
  void eachRecent(Recent.Sink out) {
    synchronized (recent) {
      recent.each(out);
    }
  }

  /** Redis says that so much of the budget is spent or reserved. */
  void used(Generation generation, long start, long nanoUsd) {
    Used last = used;
    long since =
        last != null && last.generation() == generation && last.start() == start
            ? last.sinceNanos()
            : System.nanoTime();
    used = new Used(generation, start, nanoUsd, since);
  }

  /** Whether Redis has said in {@code generation}, before {@code nanos}, what was used. */
  boolean isKnown(Generation generation, long start, long nanos) {
    Used last = used;
    return last != null
        && last.generation() == generation
        && last.start() == start
        && last.sinceNanos() - nanos < 0;
  }

  /** What Redis said last of the budget's period that {@code start} begins; -1: nothing. */
  long lastUsed(long start) {
    Used last = used;
    return last == null || last.start() != start ? -1 : last.nanoUsd();
  }

  /** Keeps a refusal in mind, if none that asks the same can pass before its time. */
  void remember(RateLimitedException refused) {
    Duration wait = refused.retryAfter();
    if (refused.kind() == LimitKind.REQUESTS && wait != null) {
      long now = System.nanoTime();
      long nanos = wait.toNanos();
      refusal = new Refusal(refused, now + nanos, now + Math.min(nanos, REMEMBERED_NANOS));
    }
  }

  /** The refusal that a request is known to end in; null: none is known. */
  @Nullable RateLimitedException refusal(Quota quota) {
    Refusal known = refusal;
    if (known == null) {
      return null;
    }
    long now = System.nanoTime();
    int rpm = quota.limits().rpm();
    if (known.forgetNanos() - now <= 0 || rpm == 0 || rpm > known.what().limit()) {
      return null;
    }
    return new RateLimitedException(
        quota,
        LimitKind.REQUESTS,
        1,
        Duration.ofNanos(known.retryNanos() - now),
        known.what().snapshot());
  }

  /** Whether anything of {@code quota} is kept here at all. */
  static boolean limits(Quota quota) {
    Budget budget = quota.budget();
    return quota.limits().rpm() > 0
        || quota.limits().tpm() > 0
        || quota.limits().concurrency() > 0
        || budget != null;
  }
}
