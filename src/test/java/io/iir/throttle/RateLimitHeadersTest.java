package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.throttle.RateLimitSnapshot.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {

  private static Map<String, String> headers(RateLimitSnapshot snapshot) {
    Map<String, String> headers = new LinkedHashMap<>();
    RateLimitHeaders.write(snapshot, (name, value) -> headers.put(name.toString(), value));
    return headers;
  }

  @Test
  void writesWhereTheLimitsStand() {
    assertThat(
            headers(
                new RateLimitSnapshot(
                    new Level(60, 59, Duration.ofSeconds(1)),
                    new Level(1000, 200, Duration.ofSeconds(48)))))
        .containsExactly(
            Map.entry("x-ratelimit-limit-requests", "60"),
            Map.entry("x-ratelimit-remaining-requests", "59"),
            Map.entry("x-ratelimit-reset-requests", "1s"),
            Map.entry("x-ratelimit-limit-tokens", "1000"),
            Map.entry("x-ratelimit-remaining-tokens", "200"),
            Map.entry("x-ratelimit-reset-tokens", "48s"));
  }

  @Test
  void writesNothingWithoutALimit() {
    assertThat(headers(RateLimitSnapshot.UNLIMITED)).isEmpty();
    assertThat(headers(new RateLimitSnapshot(null, new Level(1, 1, Duration.ZERO)))).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.0000001S, 1ms",
    "PT0.12S, 120ms",
    "PT0.9990001S, 1s",
    "PT1S, 1s",
    "PT8.64S, 8.64s",
    "PT1.005S, 1.005s",
    "PT59.9S, 59.9s",
    "PT1M, 1m0s",
    "PT6M, 6m0s",
    "PT1M12.3S, 1m12.3s",
    "PT1H, 1h0m0s",
    "PT26H2M3S, 26h2m3s",
  })
  void writesDurationsAsOpenAiDoes(Duration duration, String expected) {
    assertThat(RateLimitHeaders.format(duration)).isEqualTo(expected);
  }
}
