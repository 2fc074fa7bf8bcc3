package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationTest {

  private static Classification of(double confidence, double complexity) {
    return new Classification(Category.MATH, complexity, confidence, "en", 1, "1-00c0ffee");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0.00, 0.00",
    "0.004, 0.005, 0.00, 0.01",
    "0.07, 0.1, 0.07, 0.10",
    "0.934, 0.406, 0.93, 0.41",
    "0.996, 1, 1.00, 1.00"
  })
  void isALineWithTwoDecimals(double confidence, double complexity, String sure, String hard) {
    assertThat(of(confidence, complexity).headerValue())
        .isEqualTo(
            "math;confidence=%s;complexity=%s;stage=1;version=1-00c0ffee".formatted(sure, hard));
  }

  @Test
  void holdsWhereItIsSureEnough() {
    Classification told = of(0.5, 0.2);
    assertThat(told.orElse(Category.CODING, 0.5)).isSameAs(told);
    assertThat(told.likely()).isEqualTo(Category.MATH);
    assertThat(told.byDefault()).isFalse();
  }

  @Test
  void isTheDefaultWhereItIsNotAndStillKnowsWhatItLooksLike() {
    Classification told = of(0.49, 0.2).orElse(Category.CODING, 0.5);
    assertThat(told.headerValue())
        .isEqualTo("coding;confidence=0.49;complexity=0.20;stage=1;version=1-00c0ffee;default");
    assertThat(told.likely()).isEqualTo(Category.MATH);
  }
}
