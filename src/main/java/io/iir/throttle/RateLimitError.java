package io.iir.throttle;

import static io.iir.openai.ApiError.Source.GATEWAY;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The 429 that a client sees for a {@link RateLimitedException}. Pure functions. */
public final class RateLimitError {

  private static final int STATUS = 429;

  private RateLimitError() {}

  /**
   * The answer: whose limit, which, how high, when to ask again; with {@code Retry-After} in whole
   * seconds unless the request can never pass.
   */
  public static ApiException of(RateLimitedException refusal) {
    Map<String, String> headers = new LinkedHashMap<>();
    RateLimitHeaders.write(
        refusal.snapshot(), (name, value) -> headers.put(name.toString(), value));
    Duration wait = refusal.retryAfter();
    if (wait != null) {
      headers.put(
          "Retry-After", Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds())));
    }
    return new ApiException(error(refusal), headers);
  }

  private static ApiError error(RateLimitedException refusal) {
    String message = message(refusal);
    return refusal.kind() == LimitKind.BUDGET
        ? new ApiError(STATUS, "insufficient_quota", "insufficient_quota", message, null, GATEWAY)
        : new ApiError(
            STATUS, refusal.kind().word(), "rate_limit_exceeded", message, null, GATEWAY);
  }

  /** The refusal in a sentence or two. */
  public static String message(RateLimitedException refusal) {
    String who = refusal.quota().subject().words();
    String whose = Character.toUpperCase(who.charAt(0)) + who.substring(1);
    Duration wait = refusal.retryAfter();
    String again = wait == null ? "" : " Try again in " + RateLimitHeaders.format(wait) + ".";
    return switch (refusal.kind()) {
      case REQUESTS ->
          "%s has reached its limit of %d requests a minute.%s"
              .formatted(whose, refusal.limit(), again);
      case TOKENS ->
          wait == null
              ? ("This request asks for %d tokens, more than %s may use in a whole minute (%d):"
                      + " it can never pass. Shorten the prompt, or have the limit raised.")
                  .formatted(refusal.asked(), who, refusal.limit())
              : "%s has reached its limit of %d tokens a minute; this request asks for %d.%s"
                  .formatted(whose, refusal.limit(), refusal.asked(), again);
      case CONCURRENCY ->
          ("%s has reached its limit of %d requests at a time."
                  + " Try again when one of them has ended.")
              .formatted(whose, refusal.limit());
      case BUDGET -> budget(refusal, whose, wait, again);
    };
  }

  private static String budget(
      RateLimitedException refusal, String whose, @Nullable Duration wait, String again) {
    Budget budget = refusal.quota().budget();
    String amount =
        Usd.words(refusal.limit()) + (budget == null ? "" : budget.period().behindAmount());
    String raise = wait == null ? " Have the budget raised." : again;
    return refusal.asked() == 0
        ? "%s has used up its budget of %s.%s".formatted(whose, amount, raise)
        : "%s has too little left of its budget of %s: this request may cost %s.%s"
            .formatted(whose, amount, Usd.words(refusal.asked()), raise);
  }
}
