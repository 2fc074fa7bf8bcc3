package io.iir.rules.language;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rule's text cannot be used. */
public final class InvalidRuleException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /** It cannot be used because of {@code problems}, of which there is at least one. */
  public InvalidRuleException(List<Problem> problems, @Nullable Throwable cause) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
    this.problems = List.copyOf(problems);
  }

  /** It cannot be used because of {@code problem}. */
  public InvalidRuleException(Problem problem) {
    this(List.of(problem), null);
  }

  /** All that is wrong, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
