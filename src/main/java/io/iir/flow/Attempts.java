package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import io.iir.provider.Candidate;
import io.iir.provider.ModelCall;
import io.iir.provider.ModelName;
import io.iir.provider.ModelTraffic;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one request in their order, and how each has fared. Used by one exchange, one
 * thread at a time.
 */
public final class Attempts {

  /** Why a target gave no answer; the graver the later. */
  enum Failing {
    /** Its protocol cannot carry what the request says. */
    UNABLE,
    /** The provider's own rate limit. */
    RATE_LIMITED,
    /** It could not be reached, or had no place. */
    UNREACHABLE,
    /** It took too long. */
    TIMEOUT,
    /** It answered with a failure, or broke off. */
    FAILED
  }

  /**
   * A target that gave no answer.
   *
   * @param name which
   * @param failing why, in a word
   * @param reason why, in a few words
   * @param retryAfter the provider's Retry-After, or null
   */
  record Failure(ModelName name, Failing failing, String reason, @Nullable String retryAfter) {}

  /**
   * No more targets are asked for one request: a client waits no longer than a few of them take.
   */
  static final int MOST = 4;

  private final List<Candidate> targets;
  private final Map<String, Object> passedOn;
  private final Duration limit;
  private final long startNanos = System.nanoTime();
  private final List<Failure> failures = new ArrayList<>(2);
  private final Set<URI> skipped = new HashSet<>(2);
  private int next;
  private boolean answered;
  private int decidedNext = -1;
  private int decidedFailures = -1;
  private boolean another;
  private @Nullable ModelCall call;
  private @Nullable ApiException refusal;

  /**
   * Attempts at {@code targets}, for {@code limit} from now on; each call carries the client's
   * headers {@code passedOn}.
   */
  Attempts(List<Candidate> targets, Map<String, Object> passedOn, Duration limit) {
    this.targets = targets;
    this.passedOn = passedOn;
    this.limit = limit;
  }

  /**
   * Whether another target is to be asked; the first is in any case. Between two targets the answer
   * stays the same, however late it is asked for.
   */
  boolean goOn() {
    if (decidedNext != next || decidedFailures != failures.size()) {
      another = decide();
      decidedNext = next;
      decidedFailures = failures.size();
    }
    return !answered && another;
  }

  private boolean decide() {
    while (next < targets.size() && skipped.contains(place(targets.get(next)))) {
      next++;
    }
    return next < targets.size() && failures.size() < MOST && (failures.isEmpty() || !outOfTime());
  }

  /** Whether the time for all attempts together is over. */
  boolean outOfTime() {
    return System.nanoTime() - startNanos >= limit.toNanos();
  }

  /** Whether the first target speaks {@code protocol}. */
  boolean startsWith(Protocol protocol) {
    return !targets.isEmpty() && targets.getFirst().resolved().provider().protocol() == protocol;
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

  /** The next target, which from now on is the current one and counts as called. */
  Candidate advance(ModelTraffic traffic) {
    drop();
    Candidate target = targets.get(next++);
    call = traffic.begin(target);
    return target;
  }

  /** The call to the current target. */
  ModelCall call() {
    if (call == null) {
      throw new IllegalStateException("no target is being asked");
    }
    return call;
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
    if (call == null) {
      return;
    }
    if (tally.failure() != null) {
      call.failed();
    } else if (!answered) {
      call.dropped();
    } else if (tally.firstTokenNanos() == 0) {
      call.succeeded();
    } else {
      call.streamed(tally.firstTokenNanos(), tally.finishedNanos(), tally.completionTokens());
    }
  }

  /** The target that is being asked. */
  Candidate current() {
    return targets.get(next - 1);
  }

  /** Whether the current target is the last. */
  boolean last() {
    return next == targets.size();
  }

  /** The client's headers that every call carries. */
  Map<String, Object> passedOn() {
    return passedOn;
  }

  /** The current target has answered. */
  void succeed() {
    answered = true;
  }

  /** The current target has not. */
  void fail(Failing failing, String reason, @Nullable String retryAfter) {
    failures.add(new Failure(current().name(), failing, reason, retryAfter));
  }

  /** The current target's protocol cannot carry the request, and the client is told so by this. */
  void refuse(ApiException how) {
    refusal = refusal == null ? how : refusal;
  }

  /** What the client is told if no target's protocol can carry the request; null: one can. */
  @Nullable ApiException refusal() {
    return failures.stream().allMatch(each -> each.failing() == Failing.UNABLE) ? refusal : null;
  }

  /** The current target's provider will not answer for its other models either. */
  void skipProvider() {
    skipped.add(place(current()));
  }

  /** A server's address, not its provider's name: each model of this machine may have its own. */
  private static URI place(Candidate target) {
    return target.resolved().baseUrl();
  }

  /** Nobody else is to be asked. */
  void giveUp() {
    next = targets.size();
  }

  boolean answered() {
    return answered;
  }

  List<Failure> failures() {
    return failures;
  }
}
