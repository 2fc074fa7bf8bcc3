package io.iir.flow;

import io.iir.flow.Attempts.Failing;
import io.iir.flow.Attempts.Failure;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.throttle.RateLimitError;
import io.iir.throttle.RateLimitedException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the client is told when no target answered: each of them, with its reason. Stateless. */
final class AllTargetsFailed {

  private AllTargetsFailed() {}

  /** As {@link #explain(List)}, but where the time was over, that decides. */
  static ApiException explain(Attempts attempts) {
    ApiException refusal = attempts.failures().refusal();
    if (refusal != null) {
      return refusal;
    }
    List<RateLimitedException> forbidden = attempts.failures().forbidden();
    if (!forbidden.isEmpty() && worst(attempts.failures().all()) == Failing.FORBIDDEN) {
      return forbidden(attempts.failures().all(), forbidden);
    }
    if (!attempts.outOfTime() || isStarting(attempts.failures().all())) {
      return explain(attempts.failures().all());
    }
    int notAsked = attempts.notAsked();
    return new ApiException(
        provider(
            504,
            "provider_timeout",
            "no target answered within the %d ms of iir.failover.total: %s%s"
                .formatted(
                    attempts.limit().toMillis(),
                    reasons(attempts.failures().all()),
                    notAsked == 0 ? "" : "; %d more not asked".formatted(notAsked))));
  }

  /** Whether the time went by while a model was being started: it is worth asking again. */
  private static boolean isStarting(List<Failure> failures) {
    return !failures.isEmpty()
        && failures.getLast().failing() == Failing.UNREACHABLE
        && failures.getLast().retryAfter() != null;
  }

  /** The worst failure decides the status; a rate limit counts only if nothing else went wrong. */
  static ApiException explain(List<Failure> failures) {
    String message = "no target answered: " + reasons(failures);
    Failing worst = worst(failures);
    return switch (worst) {
      case RATE_LIMITED -> new ApiException(rateLimited(message), retryAfter(failures, worst));
      case UNABLE, FORBIDDEN, UNREACHABLE ->
          new ApiException(
              provider(503, "no_target_available", message), retryAfter(failures, worst));
      case TIMEOUT -> new ApiException(provider(504, "provider_timeout", message));
      case FAILED -> new ApiException(provider(502, "provider_error", message));
    };
  }

  /** What may pass first is what the client is told to wait for. */
  private static ApiException forbidden(
      List<Failure> failures, List<RateLimitedException> refusals) {
    RateLimitedException first =
        refusals.stream().min(Comparator.comparingLong(AllTargetsFailed::millis)).orElseThrow();
    ApiException one = RateLimitError.of(first);
    if (failures.stream().map(Failure::reason).distinct().count() == 1) {
      return one;
    }
    ApiError error = one.error();
    return new ApiException(
        new ApiError(
            error.status(),
            error.type(),
            error.code(),
            "no target may be asked: " + reasons(failures),
            error.param(),
            error.source()),
        one.headers());
  }

  private static long millis(RateLimitedException refusal) {
    Duration wait = refusal.retryAfter();
    return wait == null ? Long.MAX_VALUE : wait.toMillis();
  }

  private static Failing worst(List<Failure> failures) {
    return failures.stream()
        .map(Failure::failing)
        .max(Failing::compareTo)
        .orElse(Failing.UNREACHABLE);
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
