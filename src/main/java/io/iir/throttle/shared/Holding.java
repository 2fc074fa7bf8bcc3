package io.iir.throttle.shared;

import io.iir.throttle.Budget;
import io.iir.throttle.Limits;
import io.iir.throttle.Quota;
import io.iir.throttle.Scope;

/**
 * What a request takes of one quota at once.
 *
 * @param isFirst whether it takes anything of this quota for the first time: only then it counts as
 *     a request, takes a place, and is charged for what it costs
 * @param span the period of the budget that it is charged to
 * @param day when the day began in which the request did, in seconds of the epoch
 * @param asksBudget whether the budget, if there is one, has to allow it
 */
record Holding(
    SharedSubject subject,
    Quota quota,
    boolean isFirst,
    boolean asksBudget,
    long tokens,
    long nanoUsd,
    Periods.Span span,
    long day) {

  /** Of a quota that the request does not hold yet. */
  static Holding first(
      SharedSubject subject, Quota quota, long tokens, long nanoUsd, Periods periods) {
    Periods.Span span = periods.of(quota.budget());
    return new Holding(subject, quota, true, true, tokens, nanoUsd, span, periods.day());
  }

  /** More of the same, in the same period. */
  Holding more(Quota wanted, long moreTokens, long moreNanoUsd) {
    return new Holding(subject, wanted, false, moreNanoUsd > 0, moreTokens, moreNanoUsd, span, day);
  }

  /** Requests that it takes from the window. */
  int requests() {
    return isFirst && quota.limits().rpm() > 0 ? 1 : 0;
  }

  /** Tokens that it takes from the window. */
  long windowTokens() {
    return quota.limits().tpm() > 0 ? tokens : 0;
  }

  int places() {
    return isFirst && quota.limits().concurrency() > 0 ? 1 : 0;
  }

  /** What is to be charged of a request that costs so much: models have no budgets. */
  long cost(long costNanoUsd) {
    return isFirst && quota.subject().scope() != Scope.MODEL ? costNanoUsd : 0;
  }

  /** What it reserves of the budget. */
  long reserved() {
    return quota.budget() == null ? 0 : nanoUsd;
  }

  /**
   * Adds to {@code words} what {@code acquire.lua} wants to know of it.
   *
   * @param spent what the ledger says was spent; below 0: it was not asked
   */
  void ask(Words words, long spent) {
    Limits limits = quota.limits();
    Budget budget = quota.budget();
    words.add(limits.rpm()).add(limits.tpm()).add(limits.concurrency());
    words.add(budget == null ? -1 : budget.nanoUsd());
    words.add(requests()).add(windowTokens()).add(places()).add(asksBudget ? reserved() : -1);
    if (spent < 0) {
      words.add(Words.NONE);
    } else {
      words.add(spent);
    }
    words.add(span.end());
  }
}
