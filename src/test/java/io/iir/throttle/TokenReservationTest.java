package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenReservationTest {

  @ParameterizedTest(name = "prompt {0}, max_tokens {1}, n {2}, tpm {3}: {4}")
  @CsvSource({
    "100, 50, 1, 0, 150",
    "100, 50, 3, 0, 250",
    "100, -1, 1, 0, 612",
    "100, -1, 2, 0, 1124",
    "100, 0, 1, 0, 100",
    "0, 10, 0, 0, 10",
    "100, 50, 1, 1000, 150",
    "100, 5000, 1, 1000, 1000",
    "100, -1, 1, 300, 300",
    "1000, 50, 1, 1000, 1000",
    "1001, 50, 1, 1000, 1051",
    "1001, -1, 1, 1000, 1513",
    "1, 9223372036854775807, 1, 0, 9223372036854775807",
    "1, 9223372036854775807, 2147483647, 0, 9223372036854775807",
    "1, 9223372036854775807, 2, 1000, 1000",
  })
  void reservesPromptAndCompletion(long prompt, long maxTokens, int n, int tpm, long expected) {
    assertThat(TokenReservation.of(prompt, maxTokens, n, tpm)).isEqualTo(expected);
  }
}
