package io.iir.throttle;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The 429 that a client sees for a {@link RateLimitedException}. Pure functions. */
public final class RateLimitError {

  private static final int STATUS = 429;

  private RateLimitError() {}

  /**
   * The answer: whose limit, which, how high, when to ask again; with {@code Retry-After} in whole
   * seconds unless the request can never pass.
   *
   * @param keyName the name of the key whose limit it is
   */
  public static ApiException of(RateLimitedException refusal, String keyName) {
    Map<String, String> headers = new LinkedHashMap<>();
    RateLimitHeaders.write(
        refusal.snapshot(), (name, value) -> headers.put(name.toString(), value));
    Duration wait = refusal.retryAfter();
    if (wait != null) {
      headers.put(
          "Retry-After", Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds())));
    }
    return new ApiException(
        new ApiError(
            STATUS,
            refusal.kind().word(),
            "rate_limit_exceeded",
            message(refusal, keyName),
            null,
            ApiError.Source.GATEWAY),
        headers);
  }

  private static String message(RateLimitedException refusal, String keyName) {
    Duration wait = refusal.retryAfter();
    if (wait == null) {
      return ("This request asks for %d tokens, more than key '%s' may use in a whole minute (%d):"
              + " it can never pass. Shorten the prompt, or have the key's limit raised.")
          .formatted(refusal.asked(), keyName, refusal.limit());
    }
    String again = RateLimitHeaders.format(wait);
    return switch (refusal.kind()) {
      case REQUESTS ->
          "Key '%s' has reached its limit of %d requests a minute. Try again in %s."
              .formatted(keyName, refusal.limit(), again);
      case TOKENS ->
          ("Key '%s' has reached its limit of %d tokens a minute; this request asks for %d."
                  + " Try again in %s.")
              .formatted(keyName, refusal.limit(), refusal.asked(), again);
      case CONCURRENCY ->
          ("Key '%s' has reached its limit of %d requests at a time."
                  + " Try again when one of them has ended.")
              .formatted(keyName, refusal.limit());
    };
  }
}
