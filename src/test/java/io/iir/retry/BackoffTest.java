package io.iir.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({"0, 100", "1, 200", "2, 400", "4, 1600", "5, 2000", "40, 2000"})
  void theBoundDoublesUpToTheMost(int number, long bound) {
    long longest =
        IntStream.range(0, 2000)
            .mapToLong(i -> backoff.before(number, random).toMillis())
            .max()
            .orElseThrow();
    assertThat(longest).isBetween(bound * 9 / 10, bound);
  }

  @Test
  void thePauseIsAnythingUpToTheBound() {
    double mean =
        IntStream.range(0, 5000)
            .mapToLong(i -> backoff.before(0, random).toMillis())
            .average()
            .orElseThrow();
    assertThat(mean).isBetween(45.0, 55.0);
  }
}
