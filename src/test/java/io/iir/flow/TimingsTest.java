package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingsTest {

  private final Timings timings = new Timings();

  @Test
  void hasNoHeaderBeforeAStepHasEnded() {
    assertThat(timings.header()).isNull();
  }

  @Test
  void writesMillisecondsWithThreeDecimals() {
    timings.add("none", 999);
    timings.add("micros", 7_000);
    timings.add("tens", 42_999);
    timings.add("hundreds", 123_456);
    timings.add("seconds", 2_050_001_000L);

    assertThat(timings.header())
        .isEqualTo(
            "none;dur=0.000, micros;dur=0.007, tens;dur=0.042, hundreds;dur=0.123,"
                + " seconds;dur=2050.001");
  }

  @Test
  void keepsTheFirstTwelveSteps() {
    for (int i = 1; i <= 20; i++) {
      timings.add("step" + i, 1000);
    }

    assertThat(timings.header()).contains("step12;").doesNotContain("step13");
  }

  @Test
  void knowsWhenTheRequestCame() {
    assertThat(System.nanoTime() - timings.startNanos()).isNotNegative();
  }
}
