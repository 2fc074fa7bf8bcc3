package io.iir.throttle;

import io.iir.config.StateSettings;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the ledger what was spent before an {@link Account} was there, once for each. Where it does
 * not say, the operator's choice holds: nobody passes, or what this process knows counts and the
 * ledger is asked again later. Its methods are called with the state's lock held.
 */
final class Openings {

  private static final long ASK_AGAIN_MILLIS = 10_000;

  private final Spent spent;
  private final StateSettings.Mode unknown;

  Openings(Spent spent, StateSettings.Mode unknown) {
    this.spent = spent;
    this.unknown = unknown;
  }

  /** When the account of {@code state} can be used; null: it can, or there is none. */
  @Nullable CompletableFuture<Void> open(SubjectState state, long millis) {
    Account account = state.account;
    if (account == null) {
      return null;
    }
    if (account.isKnown()) {
      if (account.askAgain <= millis) {
        account.askAgain = millis + ASK_AGAIN_MILLIS;
        var _ = ask(state, account, millis);
      }
      return null;
    }
    CompletableFuture<Void> open = account.question;
    if (open == null || open.isDone()) {
      open = ask(state, account, millis);
      account.question = open;
    }
    return account.isKnown() ? null : open;
  }

  private CompletableFuture<Void> ask(SubjectState state, Account account, long millis) {
    long known = account.spent;
    return spent
        .nanoUsd(state.quota.subject(), Instant.ofEpochMilli(account.start))
        .handle((nanoUsd, failure) -> {
          state.lock.lock();
          try {
            if (failure == null) {
              account.opened(nanoUsd, known);
            } else if (unknown == StateSettings.Mode.CLOSED) {
              throw new LimitsUnknownException(
                  "what %s has spent is not known: the database does not answer"
                      .formatted(state.quota.subject().words()));
            } else if (!account.isKnown()) {
              account.opened(0, 0);
              account.askAgain = millis + ASK_AGAIN_MILLIS;
            }
            return null;
          } finally {
            state.lock.unlock();
          }
        });
  }
}
