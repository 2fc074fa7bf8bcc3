package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.config.Protocol;
import io.iir.flow.relay.Hedge.Side;
import io.iir.provider.Candidate;
import io.iir.provider.ModelCall;
import io.iir.provider.ModelName;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Unavailable;
import io.iir.throttle.RateLimitedException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one request in their order, and how each has fared. Used by one exchange, one
 * thread at a time.
 *
 * <p>Longer than 300 lines because which target is current, which call runs and which may come next
 * are one state, that each way of going on changes.
 */
public final class Attempts {

  /** Why a target gave no answer; the graver the later. */
  enum Failing {
    /** It cannot take this request: it is too long for it, or its protocol cannot carry it. */
    UNABLE,
    /** A limit or a budget of the gateway's forbids it. */
    FORBIDDEN,
    /** The provider's own rate limit. */
    RATE_LIMITED,
    /** It could not be reached, or had no place. */
    UNREACHABLE,
    /** It took too long. */
    TIMEOUT,
    /** It answered with a failure, or broke off. */
    FAILED
  }

  /** Whether a target that gave no answer may be asked the same once more. */
  enum Again {
    /** It would be no use, or would do harm. */
    NEVER,
    /** After a pause. */
    LATER
  }

  /**
   * A target that gave no answer.
   *
   * @param target which
   * @param failing why, in a word
   * @param reason why, in a few words
   * @param retryAfter the provider's Retry-After, or null
   * @param again whether it may be asked once more
   */
  record Failure(
      Candidate target, Failing failing, String reason, @Nullable String retryAfter, Again again) {

    ModelName name() {
      return target.name();
    }
  }

  /**
   * A target that is to be asked once more.
   *
   * @param pause how long to wait before
   */
  record Retry(Candidate target, Duration pause) {}

  /**
   * No more targets are asked for one request: a client waits no longer than a few of them take.
   */
  static final int MOST = 4;

  /** A target and the call to it. */
  private record Running(Candidate target, ModelCall call) {}

  /**
   * In the order in which they are asked: those that were, then, from {@code next} on, the others.
   */
  private final List<Candidate> targets;

  private final Map<String, Object> passedOn;
  private final Duration limit;
  private final ModelTraffic traffic;
  private final LongSupplier hash;
  private final long startNanos = System.nanoTime();
  private final Failures failures = new Failures();
  private final Set<URI> skipped = new HashSet<>(2);
  private final Map<Side, Running> pair = new EnumMap<>(Side.class);
  private int tooSmall;
  private int next;
  private int asked;
  private int retries;
  private @Nullable Candidate current;
  private @Nullable Retry retry;
  private Duration pause = Duration.ZERO;
  private boolean answered;
  private boolean waiting;
  private boolean givenUp;
  private int decidedNext = -1;
  private int decidedFailures = -1;
  private @Nullable ModelCall call;
  private @Nullable ModelCall begun;
  private boolean otherWay;
  private final List<Candidate> untried = new ArrayList<>(0);
  private @Nullable Candidate beside;

  /**
   * Attempts at {@code targets}, for {@code limit} from now on; each call carries the client's
   * headers {@code passedOn} and is counted in {@code traffic}, which may let none through.
   *
   * @param hash the same for requests that begin alike; asked for only where it matters
   */
  Attempts(
      List<Candidate> targets,
      Map<String, Object> passedOn,
      Duration limit,
      ModelTraffic traffic,
      LongSupplier hash) {
    this.targets = new ArrayList<>(targets);
    this.passedOn = passedOn;
    this.limit = limit;
    this.traffic = traffic;
    this.hash = hash;
  }

  /**
   * Whether another target is to be asked; the first is in any case. Between two targets the answer
   * stays the same, however late it is asked for.
   */
  boolean goOn() {
    if (answered) {
      return false;
    }
    if (begun == null && (decidedNext != next || decidedFailures != failures.size())) {
      beginNext();
      decidedNext = next;
      decidedFailures = failures.size();
    }
    return begun != null;
  }

  /** Begins the call to the next target that lets it through, if there is one. */
  private void beginNext() {
    while (next < targets.size()) {
      Candidate target = targets.get(next);
      if (!isSkipped(target)) {
        if (failures.calls() >= MOST || (asked > 0 && outOfTime())) {
          return;
        }
        if (begin(target)) {
          return;
        }
        Unavailable why = target.whyNot();
        failures.notCalled();
        failures.add(
            new Failure(
                target,
                why.limited() ? Failing.RATE_LIMITED : Failing.UNREACHABLE,
                why.words(),
                Long.toString(why.retrySeconds()),
                Again.NEVER));
        untried.add(target);
      }
      next++;
    }
    beginBeside();
  }

  /** Nobody else is left: a target that others are trying is tried, too. */
  private void beginBeside() {
    while (!untried.isEmpty() && failures.calls() < MOST && (asked == 0 || !outOfTime())) {
      Candidate target = untried.removeFirst();
      begun = traffic.tryBeginBeside(target, target.isSticky() ? hash.getAsLong() : 0);
      if (begun != null) {
        beside = target;
        return;
      }
    }
  }

  private boolean begin(Candidate target) {
    begun = traffic.tryBegin(target, target.isSticky() ? hash.getAsLong() : 0);
    return begun != null;
  }

  /** Begins a call that costs something: it is paid for only if it may be made. */
  private boolean begin(Candidate target, BooleanSupplier isPaidFor) {
    if (begin(target) && !isPaidFor.getAsBoolean() && begun != null) {
      begun.dropped();
      begun = null;
    }
    return begun != null;
  }

  /** Whether the time for all attempts together is over. */
  boolean outOfTime() {
    return System.nanoTime() - startNanos >= limit.toNanos();
  }

  /** Whether the first target speaks {@code protocol}. */
  boolean startsWith(Protocol protocol) {
    return !targets.isEmpty() && targets.getFirst().resolved().provider().protocol() == protocol;
  }

  /** The same at those targets alone that speak {@code protocol}; nobody has been asked yet. */
  Attempts only(Protocol protocol) {
    return new Attempts(
        targets.stream()
            .filter(target -> target.resolved().provider().protocol() == protocol)
            .toList(),
        passedOn,
        limit,
        traffic,
        hash);
  }

  /** What is left of the time for all attempts together; not negative. */
  Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, limit.toNanos() - (System.nanoTime() - startNanos)));
  }

  /** The time for all attempts together. */
  Duration limit() {
    return limit;
  }

  /** How many targets have not been asked. */
  int notAsked() {
    return targets.size() - next;
  }

  /** Whether a target is left that {@code suits}. */
  boolean hasNext(Predicate<Candidate> suits) {
    return find(next, suits) >= 0;
  }

  /** Where from {@code from} on the first target is that may be asked and {@code suits}; or -1. */
  private int find(int from, Predicate<Candidate> suits) {
    for (int i = from; i < targets.size(); i++) {
      if (!isSkipped(targets.get(i)) && suits.test(targets.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The next target that {@code suits} and lets a call through, which from now on is the current
   * one: it goes on with an answer that has begun. Those before it may be asked later. Null: there
   * is none.
   */
  @Nullable Candidate goOnWith(Predicate<Candidate> suits) {
    return goOnWith(suits, target -> true);
  }

  private @Nullable Candidate goOnWith(Predicate<Candidate> suits, Predicate<Candidate> isPaidFor) {
    for (int at = find(next, suits); at >= 0; at = find(at + 1, suits)) {
      Candidate target = targets.get(at);
      if (begin(target, () -> isPaidFor.test(target))) {
        targets.remove(at);
        targets.add(next++, target);
        drop();
        current = target;
        call = begun;
        begun = null;
        return target;
      }
    }
    return null;
  }

  /**
   * The next target that {@code suits} and lets a call through, which from now on is the current
   * one; the one before is asked on beside it until {@link #settle}. Null: there is none that
   * {@code isPaidFor}.
   */
  @Nullable Candidate beside(Predicate<Candidate> suits, Predicate<Candidate> isPaidFor) {
    Running first = new Running(current(), call());
    call = null; // or it would be dropped
    Candidate second = goOnWith(suits, isPaidFor);
    if (second == null) {
      call = first.call();
      return null;
    }
    asked++;
    pair.put(Side.FIRST, first);
    pair.put(Side.SECOND, new Running(second, call()));
    return second;
  }

  /** Of two targets that are being asked, the one on {@code side} is the current one. */
  void turnTo(Side side) {
    Running one = pair.get(side);
    if (one != null) {
      current = one.target();
      call = one.call();
    }
  }

  /** Of two targets that are being asked, only the one on {@code side} is asked on. */
  void settle(Side side) {
    turnTo(side);
    pair.forEach((other, running) -> {
      if (other != side) {
        running.call().dropped();
      }
    });
    pair.clear();
  }

  /**
   * The next target, which from now on is the current one and counts as called.
   *
   * @throws IllegalStateException if none lets a call through: see {@link #goOn}
   */
  Candidate advance() {
    if (!goOn() || begun == null) {
      throw new IllegalStateException("no target is to be asked");
    }
    drop();
    Retry again = retry;
    Candidate target;
    if (otherWay) {
      target = current();
      otherWay = false;
      pause = Duration.ZERO;
    } else if (beside != null) {
      target = beside;
      beside = null;
      asked++;
    } else if (again == null) {
      target = targets.get(next++);
      asked++;
    } else {
      target = again.target();
      pause = again.pause();
      retries++;
      retry = null;
    }
    current = target;
    call = begun;
    begun = null;
    return target;
  }

  /** How many calls were made to targets that had been asked before. */
  int retries() {
    return retries;
  }

  /** How long the call to the current target is to wait. */
  Duration pause() {
    return pause;
  }

  /** {@code once} is the next target, if it lets a call through, and that {@code isPaidFor}. */
  boolean retry(Retry once, BooleanSupplier isPaidFor) {
    boolean may = begin(once.target(), isPaidFor);
    retry = may ? once : null;
    return may;
  }

  /**
   * The endpoint that was called has failed: the current target is asked again at another one.
   *
   * @return false if there is no other, or no time
   */
  boolean atAnotherEndpoint(String reason) {
    call().wentWrong(reason);
    return !outOfTime() && goOnBy(call().atAnotherEndpoint());
  }

  /**
   * The key that was used is refused with {@code status}: the current target is asked again with
   * another one.
   *
   * @return false if there is no other that may be used now, or no time
   */
  boolean withAnotherKey(int status, @Nullable String retryAfter) {
    return goOnBy(call().withAnotherKey(status, retryAfter));
  }

  private boolean goOnBy(@Nullable ModelCall other) {
    if (other == null) {
      return false;
    }
    if (outOfTime()) {
      other.dropped();
      return false;
    }
    begun = other;
    otherWay = true;
    return true;
  }

  /**
   * The call to the current target has failed beside another: at its endpoint, where there are
   * others, which says nothing of the model.
   */
  void endpointFailed(String reason) {
    call().wentWrong(reason);
    ModelCall other = call().atAnotherEndpoint();
    if (other != null) {
      other.dropped();
    }
  }

  /** The key of the current target is refused beside another call: it rests, if there are more. */
  void keyRefused(int status, @Nullable String retryAfter) {
    ModelCall other = call().withAnotherKey(status, retryAfter);
    if (other != null) {
      other.dropped();
    }
  }

  /** The call to the current target. */
  ModelCall call() {
    if (call == null) {
      throw new IllegalStateException("no target is being asked");
    }
    return call;
  }

  /** Whether a target has been called. */
  boolean isCalling() {
    return call != null;
  }

  /** The call that is still running, if any, is over and says nothing of its target. */
  void drop() {
    if (call != null) {
      call.dropped();
    }
  }

  /**
   * The exchange is done: so is the call that is still running, if any.
   *
   * @param tally what its answer was
   */
  void end(Tally tally) {
    if (begun != null) {
      begun.dropped();
    }
    pair.values().stream()
        .map(Running::call)
        .filter(one -> one != call)
        .forEach(ModelCall::dropped);
    if (call == null) {
      return;
    }
    String failure = tally.failure();
    if (failure != null) {
      call.wentWrong(failure);
      call.failed();
    } else if (!answered || (waiting && nothingCame(tally))) {
      call.dropped();
    } else if (tally.firstTokenNanos() == 0) {
      call.succeeded();
    } else {
      call.streamed(tally.firstTokenNanos(), tally.finishedNanos(), tally.completionTokens());
    }
  }

  private static boolean nothingCame(Tally tally) {
    return tally.firstTokenNanos() == 0 && tally.finishedNanos() == 0;
  }

  /** The target that is being asked. */
  Candidate current() {
    if (current == null) {
      throw new IllegalStateException("no target is being asked");
    }
    return current;
  }

  /** The target that was asked last; null: none was. */
  @Nullable ModelName lastAsked() {
    return current == null ? null : current.name();
  }

  /** Whether the current target is the last. */
  boolean last() {
    return next == targets.size();
  }

  /** The client's headers that every call carries. */
  Map<String, Object> passedOn() {
    return passedOn;
  }

  /** The current target has answered, or its client gets comments while it has not. */
  void succeed() {
    if (!waiting) {
      call().answering();
    }
    answered = true;
  }

  /** The client's answer begins with comments: the current target has sent none of it. */
  public void waiting() {
    waiting = true;
  }

  /** The current target has sent the first event behind the comments. */
  public void eventCame() {
    waiting = false;
    call().answering();
  }

  /** The current target has not, and is not to be asked once more. */
  void fail(Failing failing, String reason, @Nullable String retryAfter) {
    fail(failing, reason, retryAfter, Again.NEVER);
  }

  /** The current target has not. */
  void fail(Failing failing, String reason, @Nullable String retryAfter, Again again) {
    call().wentWrong(reason);
    failures.add(new Failure(current(), failing, reason, retryAfter, again));
  }

  /** The current target may not be asked, and was not, for {@code refusal}, which says why. */
  void forbid(RateLimitedException refusal, String reason) {
    drop();
    failures.notCalled();
    failures.forbid(refusal);
    failures.add(
        new Failure(current(), Failing.FORBIDDEN, "is not asked: " + reason, null, Again.NEVER));
  }

  /**
   * The request is too long for the current target: those with no larger context are not asked.
   *
   * @return whether one is left that may be large enough
   */
  boolean skipSmaller() {
    Integer context = current().facts().context();
    tooSmall = Math.max(tooSmall, context == null ? 0 : context);
    return targets.stream().skip(next).anyMatch(target -> !isSkipped(target))
        && failures.calls() + 1 < MOST
        && !outOfTime();
  }

  private boolean isSkipped(Candidate target) {
    Integer context = target.facts().context();
    return (context != null && context <= tooSmall) || skipped.contains(place(target));
  }

  /** The current target's provider will not answer for its other models either. */
  void skipProvider() {
    skipped.add(place(current()));
  }

  /** A server's address, not its provider's name: each model of this machine may have its own. */
  private static URI place(Candidate target) {
    return target.resolved().baseUrl();
  }

  /** Nobody else is to be asked, nor anybody once more. */
  void giveUp() {
    next = targets.size();
    givenUp = true;
  }

  /** Whether the client has left. */
  boolean givenUp() {
    return givenUp;
  }

  boolean answered() {
    return answered;
  }

  /** How those fared that gave no answer. */
  Failures failures() {
    return failures;
  }
}
