package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import io.iir.throttle.Budget;
import io.iir.throttle.Charge;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Spent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Asks Redis for what requests need, all of it in one step or nothing. Thread-safe. */
final class Grants {

  /** Redis may have to be told who asks, and then what was spent; more often it makes no sense. */
  private static final int TRIES = 4;

  private static final int KEYS = 4;

  /** Of limits that refuse equally long the first is told, as by the memory limiter. */
  private static final Comparator<Holding> ORDER =
      Comparator.comparing(holding -> holding.quota().subject().scope());

  private final Redis redis;
  private final Scripts scripts;
  private final Membership membership;
  private final Settlements settlements;
  private final Reconciliation reconciliation;
  private final Spent ledger;
  private final AtomicLong names = new AtomicLong();

  Grants(
      Redis redis,
      Scripts scripts,
      Membership membership,
      Settlements settlements,
      Reconciliation reconciliation,
      Spent ledger) {
    this.redis = redis;
    this.scripts = scripts;
    this.membership = membership;
    this.settlements = settlements;
    this.reconciliation = reconciliation;
    this.ledger = ledger;
  }

  /**
   * What was given.
   *
   * @param budgetLeft of the tightest budget that was asked, before this was taken from it; {@link
   *     Long#MAX_VALUE}: none was
   */
  record Given(List<Grant> grants, RateLimitSnapshot snapshot, long budgetLeft) {}

  /** A question that is put until there is an answer. */
  private final class Question {
    private final List<Grant> grants = new ArrayList<>(2);
    private final List<Holding> holdings = new ArrayList<>(4);
    private long @Nullable [] spent;
    private final Charge whole;
    private int tries;

    Question(List<List<Holding>> parts, Charge whole) {
      this.whole = whole;
      String name = Long.toString(names.incrementAndGet());
      for (int i = 0; i < parts.size(); i++) {
        grants.add(new Grant(i == 0 ? name : name + '.' + i, parts.get(i)));
        holdings.addAll(parts.get(i));
      }
      if (parts.size() > 1) {
        holdings.sort(ORDER);
      }
    }

    byte[][] keys(Generation generation) {
      Words keys = new Words(KEYS + 3 * holdings.size());
      keys.add(Generation.KEY).add(Generation.REPLICAS);
      keys.add(generation.grants).add(generation.calledOff);
      for (Holding holding : holdings) {
        holding.subject().keys(generation, holding.span().start(), keys);
      }
      return keys.all();
    }

    byte[][] words(Generation generation) {
      Words words = new Words(6 + 10 * holdings.size());
      words.add(generation.nameWord).add(membership.replica());
      words.add(grants.get(0).name).add(grants.size() - 1);
      words.add(whole.tokens()).add(whole.nanoUsd());
      long[] known = spent;
      for (int i = 0; i < holdings.size(); i++) {
        holdings.get(i).ask(words, known == null ? -1 : known[i]);
      }
      return words.all();
    }
  }

  /**
   * Takes {@code parts}, each a grant of its own, but all or none.
   *
   * @param whole what the request holds then
   * @return fails with {@link RateLimitedException}, or with {@link RedisUnavailableException}
   *     where Redis gave no answer in time: what it may give yet is given back
   */
  CompletableFuture<Given> take(List<List<Holding>> parts, Charge whole) {
    Question question = new Question(parts, whole);
    Generation generation = membership.current();
    return generation == null
        ? membership.join().thenCompose(joined -> ask(question, joined))
        : ask(question, generation);
  }

  private CompletableFuture<Given> ask(Question question, Generation generation) {
    question.tries++;
    return redis
        .run(
            scripts.acquire(),
            question.keys(generation),
            question.words(generation),
            late -> reconciliation.answered())
        .handle((answer, failure) -> hear(question, answer, failure))
        .thenCompose(next -> next);
  }

  private CompletableFuture<Given> hear(
      Question question, @Nullable List<Object> numbers, @Nullable Throwable failure) {
    try {
      if (numbers == null) {
        throw new RedisUnavailableException(String.valueOf(failure));
      }
      Answer answer = new Answer(numbers);
      CompletableFuture<Given> next = hear(question, answer);
      reconciliation.answered();
      return next;
    } catch (RedisUnavailableException e) {
      for (Grant grant : question.grants) {
        settlements.keep(Settlement.callOff(grant));
      }
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Given> hear(Question question, Answer answer) {
    int code = answer.code();
    if (code == Answer.DONE) {
      return CompletableFuture.completedFuture(given(question, answer));
    }
    if (code == Answer.REFUSED) {
      return CompletableFuture.failedFuture(refusal(question, answer));
    }
    if (question.tries < TRIES && code == Answer.UNKNOWN_HERE) {
      return membership.join().thenCompose(generation -> ask(question, generation));
    }
    if (question.tries < TRIES && code == Answer.BUDGETS_UNKNOWN) {
      return askLedger(question, answer);
    }
    throw new RedisUnavailableException("it answers what means nothing");
  }

  private Given given(Question question, Answer answer) {
    long left = Long.MAX_VALUE;
    for (int i = 0; i < question.holdings.size(); i++) {
      Holding holding = question.holdings.get(i);
      holding.subject().took(answer.second(), holding.requests(), holding.windowTokens());
      Budget budget = holding.quota().budget();
      long used = answer.used(i);
      if (budget != null && used >= 0) {
        left = Math.min(left, budget.nanoUsd() - used);
        holding.subject().used(holding.span().start(), used + holding.reserved());
      }
    }
    for (Grant grant : question.grants) {
      grant.second = answer.second();
      membership.holds(grant);
    }
    return new Given(question.grants, answer.snapshot(), left);
  }

  private static RateLimitedException refusal(Question question, Answer answer) {
    int index = answer.refuser();
    if (index < 0 || index >= question.holdings.size()) {
      throw new RedisUnavailableException("it answers what means nothing");
    }
    Holding holding = question.holdings.get(index);
    RateLimitedException refusal = answer.refusal(holding.quota(), question.whole);
    holding.subject().remember(refusal);
    return refusal;
  }

  private CompletableFuture<Given> askLedger(Question question, Answer answer) {
    long[] spent = new long[question.holdings.size()];
    CompletableFuture<?>[] asked = new CompletableFuture<?>[answer.size() - 1];
    for (int i = 0; i < spent.length; i++) {
      spent[i] = -1;
    }
    for (int i = 0; i < asked.length; i++) {
      int index = (int) answer.number(i + 1);
      if (index < 0 || index >= spent.length) {
        throw new RedisUnavailableException("it answers what means nothing");
      }
      Holding holding = question.holdings.get(index);
      Instant start = Instant.ofEpochSecond(holding.span().start());
      asked[i] =
          ledger
              .nanoUsd(holding.quota().subject(), start)
              .thenAccept(nanoUsd -> spent[index] = Math.clamp(nanoUsd, 0, Budget.MOST));
    }
    return CompletableFuture.allOf(asked)
        .handle((all, failure) -> {
          if (failure != null) {
            throw new RedisUnavailableException("nobody can say what was spent");
          }
          question.spent = spent;
          return membership.current();
        })
        .thenCompose(generation ->
            generation == null
                ? membership.join().thenCompose(joined -> ask(question, joined))
                : ask(question, generation));
  }
}
