package io.iir.throttle.shared;

import io.iir.throttle.Charge;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A permit that Redis gave. */
final class SharedPermit implements Permit {

  private final RedisLimiter limiter;
  private final List<Grant> grants;

  /** What memory gave beyond it, while Redis was away. */
  private final List<Beyond> beyond = new ArrayList<>(0);

  private volatile Charge charge;
  private volatile RateLimitSnapshot snapshot;
  private volatile long budgetLeft;
  private boolean settled;

  SharedPermit(RedisLimiter limiter, Charge charge, Grants.Given given) {
    this.limiter = limiter;
    this.charge = charge;
    this.grants = new ArrayList<>(given.grants());
    this.snapshot = given.snapshot();
    this.budgetLeft = given.budgetLeft();
  }

  /** A permit of memory's; {@code from}: the tokens that the request held before. */
  private record Beyond(Permit permit, long from) {}

  @Override
  public RateLimitSnapshot snapshot() {
    return snapshot;
  }

  @Override
  public Charge charge() {
    return charge;
  }

  @Override
  public long budgetLeft() {
    return budgetLeft;
  }

  @Override
  public CompletableFuture<Permit> cover(Charge wanted) {
    Charge held = charge;
    if (wanted.tokens() <= held.tokens()
        && wanted.nanoUsd() <= held.nanoUsd()
        && wanted.quotas().equals(held.quotas())) {
      return CompletableFuture.completedFuture(this);
    }
    return limiter.cover(this, held, wanted);
  }

  /** What it holds of one quota's subject; null: nothing. */
  static @Nullable Quota find(Charge held, Quota wanted) {
    for (Quota quota : held.quotas()) {
      if (quota.subject().equals(wanted.subject())) {
        return quota;
      }
    }
    return null;
  }

  /** It holds {@code covered} from now on; what is dropped by that ends. */
  Permit covers(Charge covered, Grants.Given given) {
    List<Settlement> ends = new ArrayList<>(0);
    synchronized (this) {
      if (settled) {
        given.grants().forEach(grant -> ends.add(Settlement.callOff(grant)));
      } else {
        for (Grant grant : List.copyOf(grants)) {
          if (isDropped(grant, covered)) {
            grants.remove(grant);
            ends.add(end(grant, 0, 0));
          }
        }
        long own = charge.nanoUsd();
        grants.addAll(given.grants());
        charge = covered;
        snapshot = given.snapshot();
        budgetLeft = given.grants().isEmpty() ? given.budgetLeft() : plus(given.budgetLeft(), own);
      }
    }
    ends.forEach(limiter::end);
    return this;
  }

  /** What is left where what the request holds itself is not counted as used. */
  private static long plus(long left, long own) {
    return left == Long.MAX_VALUE ? left : left + own;
  }

  /** It holds {@code covered} from now on, which is not more than what it held. */
  Permit drops(Charge covered) {
    return covers(covered, new Grants.Given(List.of(), snapshot, budgetLeft));
  }

  /** It holds {@code covered} from now on, thanks to {@code permits} of memory's. */
  Permit coversBeyond(Charge covered, List<Permit> permits) {
    synchronized (this) {
      if (!settled) {
        long from = charge.tokens();
        permits.forEach(permit -> beyond.add(new Beyond(permit, from)));
        charge = covered;
        return this;
      }
    }
    permits.forEach(permit -> permit.settle(0, 0));
    return this;
  }

  private static boolean isDropped(Grant grant, Charge covered) {
    return !grant.holdings.isEmpty()
        && grant.holdings.stream().allMatch(each -> find(covered, each.quota()) == null);
  }

  @Override
  public void settle(long tokens, long nanoUsd) {
    List<Settlement> ends;
    synchronized (this) {
      if (settled) {
        return;
      }
      settled = true;
      ends = new ArrayList<>(grants.size());
      for (Grant grant : grants) {
        ends.add(end(grant, Math.max(0, tokens), Math.max(0, nanoUsd)));
      }
    }
    ends.forEach(limiter::end);
    for (Beyond each : beyond) {
      each.permit().settle(Math.max(0, tokens - each.from()), 0);
    }
  }

  /** The end of {@code grant} where the request used so much in all. */
  private Settlement end(Grant grant, long used, long nanoUsd) {
    Settlement.Part[] parts = new Settlement.Part[grant.holdings.size()];
    for (int i = 0; i < parts.length; i++) {
      Holding holding = grant.holdings.get(i);
      long earlier = 0;
      long later = 0;
      boolean isLater = false;
      for (Grant other : grants) {
        isLater |= other == grant;
        if (other != grant) {
          long tokens = tokens(other, holding.subject());
          earlier += isLater ? 0 : tokens;
          later += isLater ? tokens : 0;
        }
      }
      // What was used is taken from what was held first.
      long own = holding.windowTokens();
      long back = Math.clamp(earlier + own - used, 0, own);
      long over = holding.quota().limits().tpm() == 0 ? 0 : used - earlier - own - later;
      parts[i] =
          holding.isFirst()
              ? new Settlement.Part(
                  0, back, Math.max(0, over), holding.quota().budget() == null ? 0 : nanoUsd)
              : new Settlement.Part(0, back, 0, 0);
    }
    return new Settlement(grant, parts, false);
  }

  private static long tokens(Grant grant, SharedSubject subject) {
    long tokens = 0;
    for (Holding holding : grant.holdings) {
      tokens += holding.subject() == subject ? holding.windowTokens() : 0;
    }
    return tokens;
  }
}
