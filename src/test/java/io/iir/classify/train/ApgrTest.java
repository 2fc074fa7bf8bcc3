package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ApgrTest {

  /** The strong model wins two of four, loses one: the gap is one of four. */
  private static final double[] GAINS = {1, 0, -1, 1};

  @Test
  void averagesTheRecoveredGapOverAllShares() {
    // Gaps recovered at 0, 1/4, 2/4, 3/4 and all: 0, 1, 2, 2, 1; between them straight lines.
    assertThat(Apgr.of(new double[] {4, 2, 1, 3}, GAINS))
        .isCloseTo((0.5 + 1.5 + 2 + 1.5) / 4, within(1e-12));
    // 0, -1, -1, 0, 1.
    assertThat(Apgr.of(new double[] {1, 3, 4, 2}, GAINS))
        .isCloseTo((-0.5 - 1 - 0.5 + 0.5) / 4, within(1e-12));
  }

  @Test
  void isAHalfWhereTheScoreTellsNothing() {
    assertThat(Apgr.of(new double[4], GAINS)).isEqualTo(0.5);
    assertThat(Apgr.of(new double[] {1, 2, 3, 4}, new double[] {1, 1, 1, 1})).isEqualTo(0.5);
  }

  @Test
  void sharesAmongEqualScoresWhatTheyGain() {
    double[] scores = {2, 2, 1, 1};
    // 0, 1/2, 1, 1/2 + 1/2 ...: the first two gain one together, the last two nothing.
    double expected = (0.25 + 0.75 + 1 + 1) / 4;
    assertThat(Apgr.of(scores, new double[] {1, 0, -1, 1})).isCloseTo(expected, within(1e-12));
    assertThat(Apgr.of(scores, new double[] {0, 1, 1, -1})).isCloseTo(expected, within(1e-12));
  }

  @Test
  void isNoNumberWithoutAGap() {
    assertThat(Apgr.of(new double[] {1, 2}, new double[] {0, 0})).isNaN();
  }
}
