package io.iir.throttle;

import io.iir.config.StateSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of this process, in memory. Several subjects are charged in one step by their locks,
 * taken in one order. What a subject spent before this process knew it is asked of the ledger once;
 * who comes before the answer waits for it, without a thread, and nobody else.
 */
public final class MemoryLimiter implements Limiter {

  private final SubjectStates states = new SubjectStates();
  private final Openings openings;
  private final IntSupplier replicas;
  private final BudgetWatch watch;
  private final LongSupplier steady;
  private final InstantSource wall;

  /**
   * A limiter on the system's clocks.
   *
   * @param unknownBudgets whether requests pass by budgets of which the ledger does not say what
   *     was spent: open counts what this process knows, and asks again every ten seconds
   * @param replicas how many gateways share the limits, which are divided by it
   */
  public MemoryLimiter(Spent spent, StateSettings.Mode unknownBudgets, IntSupplier replicas) {
    this(spent, unknownBudgets, replicas, new SteadyClock(), InstantSource.system());
  }

  /** As the other, and {@code watch} hears what is spent. */
  public MemoryLimiter(
      Spent spent, StateSettings.Mode unknownBudgets, IntSupplier replicas, BudgetWatch watch) {
    this(spent, unknownBudgets, replicas, watch, new SteadyClock(), InstantSource.system());
  }

  /** A limiter whom nobody watches. */
  public MemoryLimiter(
      Spent spent,
      StateSettings.Mode unknownBudgets,
      IntSupplier replicas,
      LongSupplier steady,
      InstantSource wall) {
    this(spent, unknownBudgets, replicas, BudgetWatch.NONE, steady, wall);
  }

  /**
   * A limiter.
   *
   * @param steady milliseconds of the epoch, never going back, for limits a minute
   * @param wall for the periods of budgets
   */
  public MemoryLimiter(
      Spent spent,
      StateSettings.Mode unknownBudgets,
      IntSupplier replicas,
      BudgetWatch watch,
      LongSupplier steady,
      InstantSource wall) {
    this.watch = watch;
    this.openings = new Openings(spent, unknownBudgets);
    this.replicas = replicas;
    this.steady = steady;
    this.wall = wall;
  }

  @Override
  public @Nullable RateLimitedException refusal(List<Quota> quotas) {
    Verdict verdict = new Verdict();
    for (Quota quota : quotas) {
      SubjectState state = states.find(quota.subject());
      if (state != null) {
        state.lock.lock();
        try {
          Moment now = now();
          state.moveTo(now);
          new Hold(state, quota).check(1, 0, now, verdict);
          verdict.see(state, quota, now);
        } finally {
          state.lock.unlock();
        }
      }
    }
    return verdict.refusal();
  }

  @Override
  public CompletableFuture<Permit> acquire(Charge charge) {
    return change(new MemoryPermit(this, null), charge, 0);
  }

  /**
   * Takes what {@code charge} is more than {@code elsewhere}, which the request holds by another
   * limiter: of the quotas that it has there only more tokens and USD, of others all.
   *
   * @return the permit of what is more; what the request costs is charged where it has counted
   */
  public CompletableFuture<Permit> acquireBeyond(Charge elsewhere, Charge charge) {
    return change(new MemoryPermit(this, elsewhere), charge, 0);
  }

  /** Makes what {@code permit} holds enough for {@code wanted}, see {@link Permit#cover}. */
  CompletableFuture<Permit> change(MemoryPermit permit, Charge wanted, long used) {
    List<CompletableFuture<Void>> openings;
    permit.lock.lock();
    try {
      do {
        openings = permit.isSettled() ? List.of() : tryToChange(permit, wanted, used);
      } while (openings == null);
    } catch (RateLimitedException refusal) {
      return CompletableFuture.failedFuture(refusal);
    } finally {
      permit.lock.unlock();
    }
    return openings.isEmpty()
        ? CompletableFuture.completedFuture(permit)
        : CompletableFuture.allOf(openings.toArray(CompletableFuture[]::new))
            .thenCompose(open -> change(permit, wanted, used));
  }

  /** What to wait for and try again; empty: it is done; null: try again at once. */
  private @Nullable List<CompletableFuture<Void>> tryToChange(
      MemoryPermit permit, Charge wanted, long used) {
    List<Hold> holds = new ArrayList<>(wanted.quotas().size());
    for (Quota quota : wanted.quotas()) {
      Hold held = permit.find(quota.subject());
      holds.add(held != null ? held : permit.begin(states.get(quota, steady.getAsLong()), quota));
    }
    List<Hold> gone = gone(permit.holds(), holds);
    try (Locked locked = Locked.of(holds, gone)) {
      if (locked.isOutdated()) {
        return null;
      }
      Moment now = now();
      List<CompletableFuture<Void>> waits = use(holds, now);
      if (waits.isEmpty()) {
        take(permit, holds, wanted, now);
        gone.forEach(hold -> {
          hold.state.moveTo(now);
          hold.end(used, 0);
        });
      }
      return waits;
    }
  }

  private static List<Hold> gone(List<Hold> before, List<Hold> after) {
    if (before.isEmpty()) {
      return before;
    }
    List<Hold> gone = new ArrayList<>(before);
    gone.removeAll(after);
    return gone;
  }

  private List<CompletableFuture<Void>> use(List<Hold> holds, Moment now) {
    List<CompletableFuture<Void>> waits = List.of();
    for (Hold hold : holds) {
      hold.state.use(hold.quota, now);
      CompletableFuture<Void> wait =
          hold.quota.budget() == null ? null : openings.open(hold.state, now.wall());
      if (wait != null) {
        waits = waits.isEmpty() ? new ArrayList<>() : waits;
        waits.add(wait);
      }
    }
    return waits;
  }

  private void take(MemoryPermit permit, List<Hold> holds, Charge wanted, Moment now) {
    Verdict verdict = new Verdict();
    for (Hold hold : holds) {
      hold.check(wanted.tokens(), wanted.nanoUsd(), now, verdict);
    }
    boolean passes = !verdict.isRefusal();
    long left = Long.MAX_VALUE;
    for (Hold hold : holds) {
      if (passes) {
        hold.take(wanted.tokens(), wanted.nanoUsd(), now);
        left = Math.min(left, hold.budgetLeft(now));
      }
      verdict.see(hold.state, hold.quota, now);
    }
    RateLimitedException refusal = verdict.refusal();
    if (refusal != null) {
      throw refusal;
    }
    permit.hold(holds, wanted, verdict.snapshot(), left);
  }

  /**
   * Ends a request that held {@code holds}.
   *
   * @return tells the watch, when no lock is held any more; null: there is nothing to tell
   */
  @Nullable Runnable end(List<Hold> holds, long tokens, long nanoUsd) {
    List<Runnable> told = List.of();
    for (Hold hold : holds) {
      SubjectState state = hold.state;
      state.lock.lock();
      try {
        Moment now = now();
        state.usedAt = now.millis();
        state.moveTo(now);
        hold.end(tokens, nanoUsd);
        Account account = state.account;
        if (account != null && nanoUsd > 0) {
          long start = account.start;
          long spent = account.total();
          told = told.isEmpty() ? new ArrayList<>(holds.size()) : told;
          told.add(() -> watch.spent(hold.quota, start, spent));
        }
      } finally {
        state.lock.unlock();
      }
    }
    List<Runnable> all = told;
    return all.isEmpty() ? null : () -> all.forEach(Runnable::run);
  }

  /**
   * What each subject used since this was asked last, and what its running requests hold. It goes
   * on to count here. What running requests give back or use beyond is told the next time.
   */
  public List<Used> drain() {
    List<Used> all = new ArrayList<>();
    for (SubjectState state : states.all()) {
      state.lock.lock();
      try {
        state.moveTo(now());
        Used used = state.drain();
        if (used != null) {
          all.add(used);
        }
      } finally {
        state.lock.unlock();
      }
    }
    return all;
  }

  /** Others know what was drained: what they spend is asked anew when it matters here again. */
  public void told() {
    for (SubjectState state : states.all()) {
      state.lock.lock();
      try {
        state.told();
      } finally {
        state.lock.unlock();
      }
    }
  }

  /** How many subjects are kept in memory. */
  public int subjects() {
    return states.all().size();
  }

  private Moment now() {
    return new Moment(steady.getAsLong(), wall.millis(), replicas.getAsInt());
  }
}
