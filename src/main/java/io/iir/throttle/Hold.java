package io.iir.throttle;

import org.jspecify.annotations.Nullable;

/**
 * What one request holds of one quota. Guarded by the lock of its {@link SubjectState}.
 *
 * <p>All tokens that it holds are in one slot: where it comes to hold more they move to the slot of
 * then. What it costs is charged to the period in which it began, as the ledger counts it.
 */
final class Hold {

  private static final long NONE = Long.MIN_VALUE;

  /** How soon to ask again for what running requests hold: nobody knows when they end. */
  private static final long RUNNING_RETRY = 1000;

  final SubjectState state;
  final Quota quota;

  /** Whether the request has counted elsewhere, where it holds the next two: here it holds more. */
  private final boolean isMore;

  private final long tokensElsewhere;
  private final long nanoUsdElsewhere;
  private boolean placed;
  private long tokens;
  private long slot = NONE;
  private long nanoUsd;
  private @Nullable Account account;
  private long since;

  Hold(SubjectState state, Quota quota) {
    this(state, quota, false, 0, 0);
  }

  /** A hold of what the request needs beyond what it holds of the same quota elsewhere. */
  Hold(SubjectState state, Quota quota, long tokensElsewhere, long nanoUsdElsewhere) {
    this(state, quota, true, tokensElsewhere, nanoUsdElsewhere);
  }

  private Hold(
      SubjectState state,
      Quota quota,
      boolean isMore,
      long tokensElsewhere,
      long nanoUsdElsewhere) {
    this.state = state;
    this.quota = quota;
    this.isMore = isMore;
    this.tokensElsewhere = tokensElsewhere;
    this.nanoUsdElsewhere = nanoUsdElsewhere;
  }

  boolean isOf(Subject subject) {
    return state.scope == subject.scope() && state.id.equals(subject.id());
  }

  /** Tells {@code verdict} what forbids this to hold so much. */
  void check(long allTokens, long allNanoUsd, Moment now, Verdict verdict) {
    Limits limits = quota.limits();
    long wantedTokens = Math.max(0, allTokens - tokensElsewhere);
    long wantedNanoUsd = Math.max(0, allNanoUsd - nanoUsdElsewhere);
    if (!placed && !isMore) {
      if (limits.rpm() > 0 && state.requests != null) {
        long wait = state.requests.waitFor(1, now.share(limits.rpm()), now.millis());
        verdict.add(quota, LimitKind.REQUESTS, 1, wait);
      }
      if (limits.concurrency() > 0 && state.running >= now.share(limits.concurrency())) {
        verdict.add(quota, LimitKind.CONCURRENCY, 1, RUNNING_RETRY);
      }
    }
    if (limits.tpm() > 0 && wantedTokens > tokens && state.tokens != null) {
      long wait = allTokens > limits.tpm() ? Verdict.NEVER : waitForTokens(wantedTokens, now);
      verdict.add(quota, LimitKind.TOKENS, allTokens, wait);
    }
    Budget budget = quota.budget();
    Account current = account == null ? state.account : account;
    if (budget != null
        && current != null
        && current.period == budget.period()
        && ((!placed && !isMore) || wantedNanoUsd > nanoUsd)) {
      verdict.add(
          quota, LimitKind.BUDGET, wantedNanoUsd, waitForUsd(budget, current, wantedNanoUsd, now));
    }
  }

  private long waitForTokens(long wanted, Moment now) {
    int limit = quota.limits().tpm();
    Window window = state.tokens;
    if (window == null) {
      return 0;
    }
    // More than this gateway's part, but not more than all: it passes where nothing else was used.
    long share = now.share(limit);
    return window.waitFor(Math.min(wanted, share) - Math.min(tokens, share), share, now.millis());
  }

  private long waitForUsd(Budget budget, Account current, long wanted, Moment now) {
    long own = account == current ? nanoUsd : 0;
    if (fits(wanted, current.left(budget, now.replicas()) + own)) {
      return 0;
    }
    if (fits(wanted, budget.nanoUsd() - current.total())) {
      return RUNNING_RETRY;
    }
    return wanted > budget.nanoUsd() || current.end == Long.MAX_VALUE
        ? Verdict.NEVER
        : Math.max(1, current.end - now.wall());
  }

  private static boolean fits(long wanted, long left) {
    return wanted == 0 ? left > 0 : wanted <= left;
  }

  /** Holds so much from now on, whether it is there or not. */
  void take(long allTokens, long allNanoUsd, Moment now) {
    long wantedTokens = Math.max(0, allTokens - tokensElsewhere);
    long wantedNanoUsd = Math.max(0, allNanoUsd - nanoUsdElsewhere);
    if (!placed) {
      placed = true;
      since = now.wall();
      account = quota.budget() == null ? null : state.account;
      if (!isMore) {
        state.running++;
        if (state.requests != null) {
          state.requests.take(1);
        }
      }
    }
    if (wantedTokens > tokens) {
      Window window = state.tokens;
      if (window != null) {
        window.giveBack(tokens, slot);
        slot = window.take(wantedTokens);
      }
      tokens = wantedTokens;
    }
    if (account != null && wantedNanoUsd > nanoUsd) {
      account.reserved += wantedNanoUsd - nanoUsd;
      nanoUsd = wantedNanoUsd;
    }
  }

  /** Ends it: what was used stays, the rest is given back. */
  void end(long usedTokens, long costNanoUsd) {
    if (!isMore) {
      state.running--;
    }
    long used = Math.max(0, usedTokens - tokensElsewhere);
    Window window = state.tokens;
    if (window != null && (slot != NONE || quota.limits().tpm() > 0)) {
      if (used < tokens) {
        window.giveBack(tokens - used, slot);
      } else if (used > tokens) {
        window.take(used - tokens);
      }
    }
    if (account != null) {
      account.reserved -= nanoUsd;
    }
    if (isMore) {
      return; // what it costs is charged where it has counted
    }
    long cost = Math.clamp(costNanoUsd, 0, Budget.MOST);
    Account current = state.account;
    if (current != null && current != account && since >= current.start) {
      current.spent += cost;
    }
    if (account != null) {
      account.spent += cost; // also where its period is over: others of that time may go on
    }
  }

  /** What is left of the budget if this holds nothing of it. */
  long budgetLeft(Moment now) {
    Budget budget = quota.budget();
    Account current = account;
    return budget == null || current == null
        ? Long.MAX_VALUE
        : Math.max(0, current.left(budget, now.replicas()) + nanoUsd);
  }
}
