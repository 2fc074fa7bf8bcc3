package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import io.iir.throttle.Budget;
import io.iir.throttle.Charge;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
  private final ConcurrentMap<Account, CompletableFuture<Long>> asking = new ConcurrentHashMap<>();

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

  /** What a subject spends in the period that {@code start} begins. */
  private record Account(Subject subject, Instant start) {}

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
        .handle((answer, failure) -> hear(question, generation, answer, failure))
        .thenCompose(next -> next);
  }

  private CompletableFuture<Given> hear(
      Question question,
      Generation generation,
      @Nullable List<Object> numbers,
      @Nullable Throwable failure) {
    try {
      if (numbers == null) {
        throw failure instanceof RedisUnavailableException known
            ? known
            : new RedisUnavailableException(String.valueOf(failure));
      }
      CompletableFuture<Given> next = hear(question, generation, new Answer(numbers));
      reconciliation.answered();
      return next;
    } catch (RedisUnavailableException e) {
      if (!e.isRefused()) {
        for (Grant grant : question.grants) {
          settlements.keep(Settlement.callOff(grant));
        }
        reconciliation.later();
      }
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Given> hear(Question question, Generation generation, Answer answer) {
    int code = answer.code();
    if (code == Answer.DONE) {
      return CompletableFuture.completedFuture(given(question, generation, answer));
    }
    if (code == Answer.REFUSED) {
      return CompletableFuture.failedFuture(refusal(question, answer));
    }
    if (question.tries < TRIES && code == Answer.UNKNOWN_HERE) {
      return membership.join().thenCompose(joined -> ask(question, joined));
    }
    if (question.tries < TRIES && code == Answer.BUDGETS_UNKNOWN) {
      return askLedger(question, answer);
    }
    throw new RedisUnavailableException("it answers what means nothing");
  }

  private Given given(Question question, Generation generation, Answer answer) {
    // All of it is read before anything is done: what means nothing gives nothing.
    RateLimitSnapshot snapshot = answer.snapshot();
    long second = answer.second();
    answer.used(question.holdings.size() - 1);
    long left = Long.MAX_VALUE;
    for (int i = 0; i < question.holdings.size(); i++) {
      Holding holding = question.holdings.get(i);
      holding.subject().took(second, holding.requests(), holding.windowTokens());
      Budget budget = holding.quota().budget();
      long used = answer.used(i);
      if (budget != null && used >= 0) {
        left = Math.min(left, budget.nanoUsd() - used);
        holding.subject().used(generation, holding.span().start(), used + holding.reserved());
      }
    }
    for (Grant grant : question.grants) {
      grant.second = second;
      membership.holds(grant);
    }
    return new Given(question.grants, snapshot, left);
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
          askLedger(new Account(holding.quota().subject(), start))
              .thenAccept(nanoUsd -> spent[index] = Math.clamp(nanoUsd, 0, Budget.MOST));
    }
    return CompletableFuture.allOf(asked)
        .handle((all, failure) -> {
          if (failure != null) {
            throw RedisUnavailableException.refused(
                "the database does not say what was spent, and Redis does not know");
          }
          question.spent = spent;
          return membership.current();
        })
        .thenCompose(generation ->
            generation == null
                ? membership.join().thenCompose(joined -> ask(question, joined))
                : ask(question, generation));
  }

  /** Asks once, however many wait for the answer. */
  private CompletableFuture<Long> askLedger(Account account) {
    CompletableFuture<Long> mine = new CompletableFuture<>();
    CompletableFuture<Long> other = asking.putIfAbsent(account, mine);
    if (other != null) {
      return other;
    }
    ledger
        .nanoUsd(account.subject(), account.start())
        .whenComplete((nanoUsd, failure) -> {
          asking.remove(account);
          if (failure == null) {
            mine.complete(nanoUsd);
          } else {
            mine.completeExceptionally(failure);
          }
        });
    return mine;
  }
}
