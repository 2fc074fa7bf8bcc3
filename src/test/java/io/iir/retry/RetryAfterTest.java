package io.iir.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-06T08:49:37Z");

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7000",
    "' 7 ', 7000",
    "0.25, 250",
    "99999999999, 86400000",
    "'Fri, 06 Nov 2026 08:49:40 GMT', 3000",
    "'Fri, 6 Nov 2026 08:49:40 GMT', 3000",
    "'Fri, 06 Nov 2026 08:49:30 GMT', 0"
  })
  void secondsAndDatesAreUnderstood(String value, long millis) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "soon", "-3", "1.2.3", "Friday", "7 minutes"})
  void whatIsNotUnderstoodSaysNothing(@Nullable String value) {
    assertThat(RetryAfter.parse(value, NOW)).isNull();
  }

  @Test
  void aDateFarOffIsAsFarOff() {
    assertThat(RetryAfter.parse("Sat, 07 Nov 2026 08:49:37 GMT", NOW))
        .isEqualTo(Duration.ofDays(1));
  }
}
