package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComplexityTest {

  private static final Classifier CLASSIFIER = new Classifier();

  private static double of(String text) {
    return of(text, RequestShape.PLAIN);
  }

  private static double of(String text, RequestShape shape) {
    return CLASSIFIER.classify(text, shape).complexity();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          hello | What is the capital of France?
          What is the capital of France? | Prove that there are infinitely many prime numbers.
          What is 2 + 2? | Prove that for all n > 2 the sum must be at least n^2, and justify each step.
          Write a function that adds two numbers. | Design a distributed rate limiter in Go. It must be thread-safe, must survive restarts, should use at most one round trip, and explain the trade-offs of consistency.
          Write a poem. | Write a poem of exactly 14 lines. Each line must rhyme, avoid the letter e, and include a bird.
          Translate to French: hello | Translate to French, without idioms, and ensure that each term of law is exact: The tenant shall pay.
          你好 | 请证明根号2是无理数，要求步骤详细，至少给出两种方法。
          """)
  void isHigherForTheHarderPrompt(String easier, String harder) {
    assertThat(of(harder)).isGreaterThan(of(easier));
  }

  @Test
  void growsWithLength() {
    String passage = "The harbour was quiet that morning. ";
    assertThat(of("Summarize this: " + passage.repeat(40)))
        .isGreaterThan(of("Summarize this: " + passage.repeat(4)));
    assertThat(of("Summarize this: " + passage.repeat(30_000)))
        .isGreaterThan(of("Summarize this: " + passage.repeat(300)));
  }

  @Test
  void growsWithQuestionsAndListedSteps() {
    String one = "Explain the French revolution.\nWhat caused it?";
    String three = "Explain the French revolution.\nWhat caused it? Who led it? How did it end?";
    assertThat(of(three)).isGreaterThan(of(one));
    String steps = "Plan a garden\n1. choose a place\n2. choose plants\n3. draw a map";
    assertThat(of(steps))
        .isGreaterThan(of("Plan a garden choose a place choose plants draw a map"));
  }

  @Test
  void growsWithTheShape() {
    String text = "List three fruits.";
    double plain = of(text);
    assertThat(of(text, new RequestShape(false, false, true, 1, 0))).isGreaterThan(plain);
    assertThat(of(text, new RequestShape(false, false, false, 9, 0))).isGreaterThan(plain);
    assertThat(of(text, new RequestShape(false, false, false, 1, 9_000))).isGreaterThan(plain);
    assertThat(of(text, new RequestShape(true, false, false, 1, 0))).isGreaterThan(plain);
  }

  @Test
  void isNearNothingForAGreeting() {
    assertThat(of("hi")).isLessThan(0.05);
    assertThat(of("")).isLessThan(0.15);
  }
}
