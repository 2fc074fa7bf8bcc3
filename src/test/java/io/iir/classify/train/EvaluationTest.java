package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of a report, on answers of which they are known. */
class EvaluationTest {

  /** An answer of a confidence, about a prompt of category 0. */
  private static Held answer(double confidence, boolean right, String source) {
    double[] scores = new double[SoftmaxRegression.CATEGORIES];
    scores[right ? 0 : 1] = Math.log(confidence / (1 - confidence) * (scores.length - 1));
    return new Held(new Prompt("?", 0, "en", false, source, false), scores);
  }

  @Test
  void saysHowManyAnswersAreAsRightAsWanted() {
    List<Held> held =
        List.of(
            answer(0.95, true, "a"),
            answer(0.9, true, "a"),
            answer(0.8, false, "a"),
            answer(0.7, true, "a"),
            answer(0.6, false, "a"));
    assertThat(Evaluation.sure(held, 1).share()).isEqualTo(0.4);
    assertThat(Evaluation.sure(held, 1).from()).isCloseTo(0.9, within(1e-9));
    assertThat(Evaluation.sure(held, 0.75).share()).isEqualTo(0.8);
    assertThat(Evaluation.sure(held.subList(2, 3), 0.9).from()).isInfinite();
    assertThat(Evaluation.sure(List.of(), 0.9).share()).isZero();
  }

  @Test
  void answersOfOneConfidenceAreSureTogether() {
    List<Held> held =
        List.of(answer(0.9, true, "a"), answer(0.9, false, "a"), answer(0.6, true, "a"));
    assertThat(Evaluation.sure(held, 1).share()).isZero();
    assertThat(Evaluation.sure(held, 0.5).share()).isEqualTo(1);
  }

  @Test
  void aSourceIsJudgedAtTheTemperatureOfOthers() {
    Random random = new Random(1);
    // Of a, half of what is said at 0.9 is right; of b, nine in ten.
    List<Held> held =
        IntStream.range(0, 400)
            .mapToObj(i ->
                i < 200
                    ? answer(0.9, random.nextDouble() < 0.5, "a")
                    : answer(0.9, random.nextDouble() < 0.9, "b"))
            .toList();
    ToIntFunction<Prompt> fold = prompt -> prompt.source().equals("a") ? 0 : 1;
    List<Held> apart = Temperature.apart(held, fold);
    double[] ofA = SoftmaxRegression.probabilities(apart.getFirst().scores(), 1);
    double[] ofB = SoftmaxRegression.probabilities(apart.getLast().scores(), 1);
    assertThat(Math.max(ofA[0], ofA[1])).isCloseTo(0.9, within(0.05));
    assertThat(Math.max(ofB[0], ofB[1])).isCloseTo(0.5, within(0.1));
  }

  @Test
  void baselinesKnowOnlyOtherFolds() {
    // Short prompts are of category 1 and long ones of 2, each in its own fold.
    List<Sample> samples =
        Sample.of(
            IntStream.range(0, 40)
                .mapToObj(i ->
                    new Prompt(
                        "word ".repeat(i % 2 == 0 ? 2 : 200),
                        1 + i % 2,
                        "en",
                        false,
                        "s" + i % 2,
                        false))
                .toList());
    ToIntFunction<Prompt> apart = prompt -> prompt.source().equals("s0") ? 0 : 1;
    ToIntFunction<Prompt> mixed = new Alternating()::next;
    assertThat(accuracy(Baselines.of(samples, apart, 1))).isZero();
    assertThat(accuracy(Baselines.of(samples, mixed, 1))).isEqualTo(1);
    assertThat(Baselines.of(samples, apart, 1)).hasSize(4);
  }

  private static double accuracy(SequencedMap<String, List<Held>> baselines) {
    List<Held> held = baselines.get("the prompt's length alone");
    return Evaluation.of(held == null ? List.of() : held).accuracy();
  }

  /** Folds that both lengths are in: the same for the same prompt. */
  private static final class Alternating {

    private final IdentityHashMap<Prompt, Integer> folds = new IdentityHashMap<>();

    int next(Prompt prompt) {
      return folds.computeIfAbsent(prompt, any -> folds.size() / 2 % 2);
    }
  }
}
