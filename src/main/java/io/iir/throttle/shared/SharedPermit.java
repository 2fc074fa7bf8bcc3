package io.iir.throttle.shared;

import io.iir.throttle.Charge;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A permit that Redis gave. */
final class SharedPermit implements Permit {

  private final RedisLimiter limiter;
  private final List<Grant> grants;

  /** What memory gave beyond it, while Redis was away. */
  private @Nullable Permit beyond;

  /** Tokens that Redis had given when memory gave more. */
  private long tokensOfRedis;

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
  public CompletableFuture<Permit> cover(Charge wanted, long used) {
    Charge held = charge;
    if (wanted.tokens() <= held.tokens()
        && wanted.nanoUsd() <= held.nanoUsd()
        && wanted.quotas().equals(held.quotas())) {
      return CompletableFuture.completedFuture(this);
    }
    return limiter.cover(this, held, wanted, Math.max(0, used));
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

  /** What it took of {@code subject} first; null: nothing. */
  synchronized @Nullable Holding first(Subject subject) {
    for (Grant grant : grants) {
      for (Holding holding : grant.holdings) {
        if (holding.isFirst() && holding.quota().subject().equals(subject)) {
          return holding;
        }
      }
    }
    return null;
  }

  /**
   * It holds {@code covered} from now on; what is dropped by that ends, {@code used} of it used.
   */
  Permit covers(Charge covered, Grants.Given given, long used) {
    List<Settlement> ends = new ArrayList<>(0);
    synchronized (this) {
      if (settled) {
        given.grants().forEach(grant -> ends.add(Settlement.callOff(grant)));
      } else {
        drop(covered, used, ends);
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

  private void drop(Charge covered, long used, List<Settlement> ends) {
    for (Grant grant : List.copyOf(grants)) {
      if (isDropped(grant, covered)) {
        ends.add(end(grant, used, 0));
        grants.remove(grant);
      }
    }
    Permit more = beyond;
    if (more != null) {
      List<Quota> left =
          more.charge().quotas().stream().filter(each -> find(covered, each) != null).toList();
      // What it goes on to hold it holds already: this gives back, and asks for nothing.
      var _ = more.cover(new Charge(left, 0, 0), used);
    }
  }

  /** What is left where what the request holds itself is not counted as used. */
  private static long plus(long left, long own) {
    return left == Long.MAX_VALUE ? left : left + own;
  }

  /** It holds {@code covered} from now on, which is not more than what it held. */
  Permit drops(Charge covered, long used) {
    return covers(covered, new Grants.Given(List.of(), snapshot, budgetLeft), used);
  }

  /** What memory gave beyond it; null: nothing. */
  synchronized @Nullable Permit beyond() {
    return beyond;
  }

  /** It holds {@code covered} from now on, thanks to {@code more}, memory's. */
  Permit coversBeyond(Charge covered, Permit more, long used) {
    List<Settlement> ends = new ArrayList<>(0);
    boolean isLate;
    synchronized (this) {
      isLate = settled;
      if (!isLate) {
        tokensOfRedis = beyond == null ? charge.tokens() : tokensOfRedis;
        beyond = more;
        drop(covered, used, ends);
        charge = covered;
      }
    }
    ends.forEach(limiter::end);
    if (isLate) {
      more.settle(0, 0);
    }
    return this;
  }

  private static boolean isDropped(Grant grant, Charge covered) {
    return !grant.holdings.isEmpty()
        && grant.holdings.stream().allMatch(each -> find(covered, each.quota()) == null);
  }

  @Override
  public void settle(long tokens, long nanoUsd) {
    List<Settlement> ends;
    Permit more;
    synchronized (this) {
      if (settled) {
        return;
      }
      settled = true;
      more = beyond;
      long used = Math.max(0, more == null ? tokens : Math.min(tokens, tokensOfRedis));
      ends = new ArrayList<>(grants.size());
      for (Grant grant : grants) {
        ends.add(end(grant, used, Math.max(0, nanoUsd)));
      }
    }
    ends.forEach(limiter::end);
    if (more != null) {
      more.settle(tokens, nanoUsd);
      limiter.endedBeyond();
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
              ? new Settlement.Part(0, back, Math.max(0, over), holding.cost(nanoUsd))
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
