package io.iir.throttle.shared;

import io.iir.config.StateSettings;
import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import io.iir.throttle.BudgetWatch;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.throttle.Limits;
import io.iir.throttle.LimitsUnknownException;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Scope;
import io.iir.throttle.Spent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits that several gateways share, in Redis: one call takes from all of a request's quotas.
 * While Redis is away each gateway goes on with its part of them in memory, and tells Redis when it
 * is there again. Futures complete on Redis's threads.
 */
public final class RedisLimiter implements Limiter {

  private final Redis redis;
  private final StateSettings.OnFailure onFailure;
  private final MemoryLimiter memory;
  private final Subjects subjects = new Subjects();
  private final Periods periods;
  private final Membership membership;
  private final Settlements settlements;
  private final Reconciliation reconciliation;
  private final Grants grants;
  private final LongAdder fallbacks = new LongAdder();

  /**
   * A limiter on {@code redis}.
   *
   * @param replica what this gateway is called
   * @param replicas how many gateways share the limits
   * @param ledger what was spent, where Redis does not know
   * @param watch hears what is spent
   */
  public RedisLimiter(
      Redis redis,
      String replica,
      IntSupplier replicas,
      Spent ledger,
      StateSettings.OnFailure onFailure,
      BudgetWatch watch) {
    this(
        redis,
        replica,
        replicas,
        ledger,
        onFailure,
        watch,
        Scripts.shipped(),
        InstantSource.system());
  }

  RedisLimiter(
      Redis redis,
      String replica,
      IntSupplier replicas,
      Spent ledger,
      StateSettings.OnFailure onFailure,
      BudgetWatch watch,
      Scripts scripts,
      InstantSource clock) {
    this.redis = redis;
    this.onFailure = onFailure;
    memory = new MemoryLimiter(subjects.known(ledger), onFailure.budgets(), replicas, watch);
    periods = new Periods(clock);
    Uncounted uncounted = new Uncounted(ledger);
    membership = new Membership(redis, scripts, replica, subjects, uncounted);
    settlements = new Settlements(redis, scripts, membership, watch, uncounted);
    reconciliation =
        new Reconciliation(redis, scripts, membership, settlements, subjects, memory, uncounted);
    grants = new Grants(redis, scripts, membership, settlements, reconciliation, ledger);
    redis.onReturn(reconciliation::returned);
  }

  /** Shows in {@code registry} how it gets on with Redis. */
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder(Meters.THROTTLE_FALLBACKS.id(), fallbacks, LongAdder::sum)
        .register(registry);
    FunctionCounter.builder(Meters.THROTTLE_MERGES.id(), reconciliation, Reconciliation::merges)
        .register(registry);
    FunctionCounter.builder(Meters.THROTTLE_JOINS.id(), membership, Membership::joins)
        .register(registry);
    Gauge.builder(Meters.THROTTLE_UNDELIVERED.id(), settlements, Settlements::waiting)
        .register(registry);
  }

  @Override
  public @Nullable RateLimitedException refusal(List<Quota> quotas) {
    if (!decides()) {
      return closed(quotas, redis.problem()) == null ? memory.refusal(quotas) : null;
    }
    for (Quota quota : quotas) {
      SharedSubject subject = subjects.find(quota.subject());
      RateLimitedException refusal = subject == null ? null : subject.refusal(quota);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Whether Redis is asked: it is there, and has heard what came to pass while it was not. */
  private boolean decides() {
    return redis.isAvailable() && !reconciliation.isReturning();
  }

  @Override
  public CompletableFuture<Permit> acquire(Charge charge) {
    List<List<Holding>> parts = new ArrayList<>(2);
    List<Holding> base = new ArrayList<>(charge.quotas().size());
    parts.add(base);
    for (Quota quota : charge.quotas()) {
      if (SharedSubject.limits(quota)) {
        add(first(quota, charge.tokens(), charge.nanoUsd()), base, parts);
      }
    }
    if (parts.size() == 1 && base.isEmpty()) {
      Grants.Given nothing =
          new Grants.Given(List.of(), RateLimitSnapshot.UNLIMITED, Long.MAX_VALUE);
      return CompletableFuture.completedFuture(new SharedPermit(this, charge, nothing));
    }
    if (!decides()) {
      return local(charge, redis.problem());
    }
    return grants
        .take(parts, charge)
        .<Permit>thenApply(given -> new SharedPermit(this, charge, given))
        .exceptionallyCompose(failure -> localIfAway(charge, failure));
  }

  /** Covers {@code wanted} by {@code permit}, which holds {@code held}, less than that. */
  CompletableFuture<Permit> cover(SharedPermit permit, Charge held, Charge wanted, long used) {
    long tokens = Math.max(held.tokens(), wanted.tokens());
    long nanoUsd = Math.max(held.nanoUsd(), wanted.nanoUsd());
    long moreTokens = tokens - held.tokens();
    long moreNanoUsd = nanoUsd - held.nanoUsd();
    Charge covered = new Charge(wanted.quotas(), tokens, nanoUsd);
    List<List<Holding>> parts = new ArrayList<>(2);
    List<Holding> base = new ArrayList<>(4);
    parts.add(base);
    boolean isMore = moreTokens > 0 || moreNanoUsd > 0;
    for (Quota quota : wanted.quotas()) {
      if (!SharedSubject.limits(quota)) {
        continue;
      }
      Quota known = SharedPermit.find(held, quota);
      if (known == null) {
        add(first(quota, wanted.tokens(), nanoUsd), base, parts);
      } else if (moreTokens > 0) {
        add(more(permit, quota, moreTokens, moreNanoUsd), base, parts);
      } else {
        base.add(more(permit, quota, 0, moreNanoUsd));
      }
      isMore |= known == null;
    }
    if (!isMore) {
      return CompletableFuture.completedFuture(permit.drops(covered, used));
    }
    if (!decides()) {
      return beyond(permit, held, covered, used, redis.problem());
    }
    return grants
        .take(parts, covered)
        .thenApply(given -> permit.covers(covered, given, used))
        .exceptionallyCompose(failure -> beyondIfAway(permit, held, covered, used, failure));
  }

  private Holding first(Quota quota, long tokens, long nanoUsd) {
    return Holding.first(subjects.get(quota), quota, tokens, nanoUsd, periods);
  }

  private Holding more(SharedPermit permit, Quota quota, long tokens, long nanoUsd) {
    Holding known = permit.first(quota.subject());
    return (known == null ? first(quota, 0, 0) : known).more(quota, tokens, nanoUsd);
  }

  /** A model's quota is a grant of its own, for another model may take its place. */
  private static void add(Holding holding, List<Holding> base, List<List<Holding>> parts) {
    if (holding.quota().subject().scope() == Scope.MODEL) {
      parts.add(List.of(holding));
    } else {
      base.add(holding);
    }
  }

  /** Ends a grant: Redis is told, now or later. */
  void end(Settlement settlement) {
    membership.ends(settlement.grant());
    long second = settlement.grant().second;
    for (int i = 0; i < settlement.parts().length; i++) {
      Settlement.Part part = settlement.parts()[i];
      SharedSubject subject = settlement.grant().holdings.get(i).subject();
      subject.took(second, -part.requests(), -part.tokens());
      subject.took(System.currentTimeMillis() / 1000, 0, part.charge());
    }
    settlements.send(settlement).thenRun(reconciliation::later);
  }

  /** What memory gave beyond what Redis did has ended. */
  void endedBeyond() {
    reconciliation.ended(0);
  }

  private CompletableFuture<Permit> localIfAway(Charge charge, Throwable failure) {
    RedisUnavailableException away = away(failure);
    return away == null
        ? CompletableFuture.failedFuture(failure)
        : local(charge, String.valueOf(away.getMessage()));
  }

  private CompletableFuture<Permit> beyondIfAway(
      SharedPermit permit, Charge held, Charge covered, long used, Throwable failure) {
    RedisUnavailableException away = away(failure);
    return away == null
        ? CompletableFuture.failedFuture(failure)
        : beyond(permit, held, covered, used, String.valueOf(away.getMessage()));
  }

  private static @Nullable RedisUnavailableException away(Throwable failure) {
    return failure instanceof RedisUnavailableException away
        ? away
        : failure.getCause() instanceof RedisUnavailableException cause ? cause : null;
  }

  private CompletableFuture<Permit> local(Charge charge, String problem) {
    LimitsUnknownException closed = closed(charge.quotas(), problem);
    if (closed != null) {
      return CompletableFuture.failedFuture(closed);
    }
    fallbacks.increment();
    return memory
        .acquire(charge)
        .thenApply(permit -> {
          reconciliation.memoryUsed();
          return new LocalPermit(permit, reconciliation);
        });
  }

  /** Takes from memory what {@code covered} is more than {@code held}. */
  private CompletableFuture<Permit> beyond(
      SharedPermit permit, Charge held, Charge covered, long used, String problem) {
    LimitsUnknownException closed = closed(covered.quotas(), problem);
    if (closed != null) {
      return CompletableFuture.failedFuture(closed);
    }
    fallbacks.increment();
    Permit more = permit.beyond();
    return (more == null ? memory.acquireBeyond(held, covered) : more.cover(covered, used))
        .thenApply(given -> {
          reconciliation.memoryUsed();
          return permit.coversBeyond(covered, given, used);
        });
  }

  /** Why requests with such quotas are refused where Redis does not decide; null: they are not. */
  private @Nullable LimitsUnknownException closed(List<Quota> quotas, String problem) {
    for (Quota quota : quotas) {
      boolean isLimited =
          onFailure.limits() == StateSettings.Mode.CLOSED && !quota.limits().equals(Limits.NONE);
      boolean isBudgeted =
          onFailure.budgets() == StateSettings.Mode.CLOSED && quota.budget() != null;
      if (isLimited || isBudgeted) {
        return new LimitsUnknownException("Redis, which keeps it, does not tell: " + problem);
      }
    }
    return null;
  }
}
