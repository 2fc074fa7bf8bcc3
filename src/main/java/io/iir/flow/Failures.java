package io.iir.flow;

import io.iir.flow.Attempts.Again;
import io.iir.flow.Attempts.Failing;
import io.iir.flow.Attempts.Failure;
import io.iir.openai.ApiException;
import io.iir.provider.Candidate;
import io.iir.throttle.RateLimitedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the targets of one request fared that gave no answer, in order. Used as its attempts are. */
final class Failures {

  private final List<Failure> all = new ArrayList<>(2);
  private int notCalled;
  private final List<RateLimitedException> forbidden = new ArrayList<>(0);
  private @Nullable ApiException refusal;

  void add(Failure failure) {
    all.add(failure);
  }

  List<Failure> all() {
    return all;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  /** How many calls have failed; a target that could not even be called is none. */
  int calls() {
    return all.size() - notCalled;
  }

  /** The target that is about to fail was not called. */
  void notCalled() {
    notCalled++;
  }

  /** A target cannot take the request, and the client is told so by {@code how}. */
  void refuse(ApiException how) {
    refusal = refusal == null ? how : refusal;
  }

  /** A target may not be asked because of {@code how}. */
  void forbid(RateLimitedException how) {
    forbidden.add(how);
  }

  /** The limits and budgets for which targets may not be asked. */
  List<RateLimitedException> forbidden() {
    return forbidden;
  }

  /** What the client is told if no target can take the request; null: one can. */
  @Nullable ApiException refusal() {
    return all.stream().allMatch(each -> each.failing() == Failing.UNABLE) ? refusal : null;
  }

  /**
   * How the targets have failed that may be asked once more: the best first, which is one that was
   * asked least, of those the first in order.
   */
  List<Failure> worthRetrying() {
    return all.stream()
        .map(Failure::target)
        .distinct()
        .map(this::latest)
        .filter(failure -> failure.again() == Again.LATER)
        .sorted(Comparator.comparingInt(failure -> timesAsked(failure.target())))
        .toList();
  }

  private int timesAsked(Candidate target) {
    return (int) all.stream().filter(failure -> failure.target() == target).count();
  }

  private Failure latest(Candidate target) {
    return all.reversed().stream()
        .filter(failure -> failure.target() == target)
        .findFirst()
        .orElseThrow();
  }
}
