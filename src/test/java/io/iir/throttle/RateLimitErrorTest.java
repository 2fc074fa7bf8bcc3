package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.openai.ApiException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitErrorTest {

  private static ApiException error(LimitKind kind, @Nullable Duration wait) {
    RateLimitSnapshot snapshot =
        new RateLimitSnapshot(new RateLimitSnapshot.Level(60, 0, Duration.ofSeconds(60)), null);
    Quota quota =
        new Quota(
            new Subject(Scope.KEY, "key_1", "ci"),
            new Limits(60, 60, 60),
            new Budget(60_500_000_000L, Period.MONTH));
    return RateLimitError.of(new RateLimitedException(quota, kind, 70, wait, snapshot));
  }

  @ParameterizedTest
  @CsvSource({
    "REQUESTS, requests, Key 'ci' has reached its limit of 60 requests a minute. Try again in"
        + " 1.5s.",
    "TOKENS, tokens, Key 'ci' has reached its limit of 60 tokens a minute; this request asks for"
        + " 70. Try again in 1.5s.",
    "CONCURRENCY, concurrency, Key 'ci' has reached its limit of 60 requests at a time."
        + " Try again when one of them has ended.",
  })
  void namesTheLimitWhoseItIsAndWhenToComeBack(LimitKind kind, String type, String message) {
    ApiException e = error(kind, Duration.ofMillis(1500));

    assertThat(e.error().status()).isEqualTo(429);
    assertThat(e.error().code()).isEqualTo("rate_limit_exceeded");
    assertThat(e.error().type()).isEqualTo(type);
    assertThat(e.error().message()).isEqualTo(message);
    assertThat(e.headers())
        .containsEntry("Retry-After", "2")
        .containsEntry("x-ratelimit-remaining-requests", "0");
  }

  private static String message(
      Subject subject, LimitKind kind, long asked, @Nullable Duration wait) {
    Quota quota =
        new Quota(subject, new Limits(60, 60, 60), new Budget(60_500_000_000L, Period.MONTH));
    return RateLimitError.of(
            new RateLimitedException(quota, kind, asked, wait, RateLimitSnapshot.UNLIMITED))
        .error()
        .message();
  }

  @Test
  void namesWhoseLimitItIs() {
    Duration wait = Duration.ofSeconds(3);
    assertThat(message(Subject.GATEWAY, LimitKind.REQUESTS, 1, wait))
        .isEqualTo("The gateway has reached its limit of 60 requests a minute. Try again in 3s.");
    assertThat(message(new Subject(Scope.TEAM, "r", "research"), LimitKind.CONCURRENCY, 1, wait))
        .startsWith("Team 'research' has reached its limit of 60 requests at a time.");
    assertThat(message(new Subject(Scope.MODEL, "a/*", "a/*"), LimitKind.TOKENS, 70, null))
        .startsWith("This request asks for 70 tokens, more than model 'a/*' may use");
  }

  @Test
  void tellsOfBudgets() {
    Subject team = new Subject(Scope.TEAM, "r", "research");
    ApiException used = error(LimitKind.BUDGET, Duration.ofHours(5));
    assertThat(used.error().code()).isEqualTo("insufficient_quota");
    assertThat(used.error().type()).isEqualTo("insufficient_quota");
    assertThat(used.headers()).containsEntry("Retry-After", "18000");
    assertThat(message(team, LimitKind.BUDGET, 0, Duration.ofHours(5)))
        .isEqualTo(
            "Team 'research' has used up its budget of 60.5 USD a month. Try again in 5h0m0s.");
    assertThat(message(team, LimitKind.BUDGET, 250_000_000, null))
        .isEqualTo(
            "Team 'research' has too little left of its budget of 60.5 USD a month:"
                + " this request may cost 0.25 USD. Have the budget raised.");
  }

  @ParameterizedTest
  @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT2M, 120"})
  void roundsRetryAfterUpToWholeSeconds(Duration wait, String expected) {
    assertThat(error(LimitKind.REQUESTS, wait).headers()).containsEntry("Retry-After", expected);
  }

  @Test
  void offersNoRetryToWhatCanNeverPass() {
    ApiException e = error(LimitKind.TOKENS, null);

    assertThat(e.headers()).doesNotContainKey("Retry-After");
    assertThat(e.error().message()).contains("70 tokens").contains("(60)").contains("never pass");
  }
}
