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
