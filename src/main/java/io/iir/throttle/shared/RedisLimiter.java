package io.iir.throttle.shared;

import io.iir.config.StateSettings;
import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import io.iir.throttle.Budget;
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
    membership = new Membership(redis, scripts, replica, subjects);
    settlements = new Settlements(redis, scripts, membership, watch);
    reconciliation =
        new Reconciliation(redis, scripts, membership, settlements, subjects, periods, memory);
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
    if (!redis.isAvailable()) {
      return closed(quotas) == null ? memory.refusal(quotas) : null;
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
    if (!redis.isAvailable()) {
      return local(charge);
    }
    return grants
        .take(parts, charge)
        .<Permit>thenApply(given -> new SharedPermit(this, charge, given))
        .exceptionallyCompose(failure -> localIfAway(charge, failure));
  }

  /** Covers {@code wanted} by {@code permit}, which holds {@code held}, less than that. */
  CompletableFuture<Permit> cover(SharedPermit permit, Charge held, Charge wanted) {
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
        add(more(quota, moreTokens, moreNanoUsd), base, parts);
      } else {
        base.add(more(quota, 0, moreNanoUsd));
      }
      isMore |= known == null;
    }
    if (!isMore) {
      return CompletableFuture.completedFuture(permit.drops(covered));
    }
    if (!redis.isAvailable()) {
      return beyond(permit, held, covered);
    }
    return grants
        .take(parts, covered)
        .thenApply(given -> permit.covers(covered, given))
        .exceptionallyCompose(failure -> beyondIfAway(permit, held, covered, failure));
  }

  private Holding first(Quota quota, long tokens, long nanoUsd) {
    return Holding.first(subjects.get(quota), quota, tokens, nanoUsd, periods.of(quota.budget()));
  }

  private Holding more(Quota quota, long tokens, long nanoUsd) {
    return Holding.more(subjects.get(quota), quota, tokens, nanoUsd, periods.of(quota.budget()));
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
    settlements.send(settlement);
  }

  private CompletableFuture<Permit> localIfAway(Charge charge, Throwable failure) {
    return isAway(failure) ? local(charge) : CompletableFuture.failedFuture(failure);
  }

  private CompletableFuture<Permit> beyondIfAway(
      SharedPermit permit, Charge held, Charge covered, Throwable failure) {
    return isAway(failure)
        ? beyond(permit, held, covered)
        : CompletableFuture.failedFuture(failure);
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof RedisUnavailableException
        || failure.getCause() instanceof RedisUnavailableException;
  }

  private CompletableFuture<Permit> local(Charge charge) {
    LimitsUnknownException closed = closed(charge.quotas());
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
  private CompletableFuture<Permit> beyond(SharedPermit permit, Charge held, Charge covered) {
    LimitsUnknownException closed = closed(covered.quotas());
    if (closed != null) {
      return CompletableFuture.failedFuture(closed);
    }
    List<Quota> grown = new ArrayList<>();
    List<Quota> added = new ArrayList<>();
    for (Quota quota : covered.quotas()) {
      if (SharedPermit.find(held, quota) == null) {
        added.add(quota);
      } else {
        // It has counted as a request and has its place.
        Limits limits = new Limits(0, quota.limits().tpm(), 0);
        Budget budget = covered.nanoUsd() > held.nanoUsd() ? quota.budget() : null;
        grown.add(new Quota(quota.subject(), limits, budget));
      }
    }
    Charge more =
        new Charge(grown, covered.tokens() - held.tokens(), covered.nanoUsd() - held.nanoUsd());
    return local(more)
        .thenCompose(first ->
            local(new Charge(added, covered.tokens(), covered.nanoUsd()))
                .whenComplete((second, failure) -> {
                  if (failure != null) {
                    first.settle(0, 0);
                  }
                })
                .thenApply(second -> permit.coversBeyond(covered, List.of(first, second))));
  }

  /** Why requests with such quotas are refused while Redis is away; null: they are not. */
  private @Nullable LimitsUnknownException closed(List<Quota> quotas) {
    for (Quota quota : quotas) {
      boolean isLimited =
          onFailure.limits() == StateSettings.Mode.CLOSED && !quota.limits().equals(Limits.NONE);
      boolean isBudgeted =
          onFailure.budgets() == StateSettings.Mode.CLOSED && quota.budget() != null;
      if (isLimited || isBudgeted) {
        return new LimitsUnknownException("Redis, which keeps it, is away: " + redis.problem());
      }
    }
    return null;
  }
}
