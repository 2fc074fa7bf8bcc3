package io.iir.flow;

import io.iir.flow.Attempts.Failing;
import io.iir.flow.Attempts.Failure;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the client is told when no target answered: each of them, with its reason. Stateless. */
final class AllTargetsFailed {

  private AllTargetsFailed() {}

  /** As {@link #explain(List)}, but where the time was over, that decides. */
  static ApiException explain(Attempts attempts) {
    ApiException refusal = attempts.refusal();
    if (refusal != null) {
      return refusal;
    }
    List<Failure> failures = attempts.failures();
    if (!attempts.outOfTime() || isStarting(failures) || allRefused(failures)) {
      return explain(attempts.failures());
    }
    int notAsked = attempts.notAsked();
    return new ApiException(
        provider(
            504,
            "provider_timeout",
            "no target answered within the %d ms of iir.failover.total: %s%s"
                .formatted(
                    attempts.limit().toMillis(),
                    reasons(attempts.failures()),
                    notAsked == 0 ? "" : "; %d more not asked".formatted(notAsked))));
  }

  /** Whether the time went by while a model was being started: it is worth asking again. */
  private static boolean isStarting(List<Failure> failures) {
    return !failures.isEmpty()
        && failures.getLast().failing() == Failing.UNREACHABLE
        && failures.getLast().retryAfter() != null;
  }

  private static boolean allRefused(List<Failure> failures) {
    return failures.stream().allMatch(failure -> failure.failing() == Failing.REFUSED);
  }

  /** The worst failure decides the status; a rate limit counts only if nothing else went wrong. */
  static ApiException explain(List<Failure> failures) {
    String message = "no target answered: " + reasons(failures);
    Failing worst =
        failures.stream().map(Failure::failing).max(Failing::compareTo).orElse(Failing.UNREACHABLE);
    return switch (worst) {
      case REFUSED -> refusal(failures);
      case RATE_LIMITED -> new ApiException(rateLimited(message), retryAfter(failures, worst));
      case UNABLE, UNREACHABLE ->
          new ApiException(
              provider(503, "no_target_available", message), retryAfter(failures, worst));
      case TIMEOUT -> new ApiException(provider(504, "provider_timeout", message));
      case FAILED -> new ApiException(provider(502, "provider_error", message));
    };
  }

  /** The first that has something to say of the request. */
  private static ApiException refusal(List<Failure> failures) {
    return failures.stream()
        .map(Failure::refusal)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a refusal without a reason"));
  }

  private static String reasons(List<Failure> failures) {
    return failures.stream()
        .map(failure -> failure.name().id() + " " + failure.reason())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static ApiError provider(int status, String code, String message) {
    return new ApiError(status, "server_error", code, message, null, ApiError.Source.PROVIDER);
  }

  private static ApiError rateLimited(String message) {
    return new ApiError(
        429, "requests", "rate_limit_exceeded", message, null, ApiError.Source.PROVIDER);
  }

  /** When to come back, by the first of those that failed so. */
  private static Map<String, String> retryAfter(List<Failure> failures, Failing how) {
    return failures.stream()
        .filter(failure -> failure.failing() == how)
        .map(Failure::retryAfter)
        .filter(Objects::nonNull)
        .findFirst()
        .map(value -> Map.of("Retry-After", value))
        .orElse(Map.of("Retry-After", "1"));
  }
}
