package io.iir.flow;

import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.throttle.LimitsUnknownException;
import io.iir.throttle.RateLimitError;
import io.iir.throttle.RateLimitedException;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** What a client is told whom the limits do not let in. Stateless. */
final class Refusals {

  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private Refusals() {}

  /** The 429 for {@code refusal}, which is counted. */
  static ApiException of(RateLimitedException refusal, FlowMeters meters) {
    meters.refusal(refusal.kind().word(), refusal.quota().subject().scope().word());
    return RateLimitError.of(refusal);
  }

  /** What a limiter's future failed with, as the client is to see it. */
  static Throwable of(Throwable failure, FlowMeters meters) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case RateLimitedException refusal -> of(refusal, meters);
      case LimitsUnknownException unknown ->
          new ApiException(
              ApiError.server(
                  503,
                  "no_target_available",
                  "the limits of this request cannot be checked: %s; try again"
                      .formatted(unknown.getMessage())),
              SOON);
      default -> cause;
    };
  }
}
