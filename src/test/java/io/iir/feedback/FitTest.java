package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FitTest {

  private static final Pair PAIR = new Pair("p/weak", "p/strong");

  /** Of a thousand requests. */
  private static final List<Double> COMPLEXITIES =
      IntStream.range(0, 1_000).mapToObj(i -> i / 1_000.0).toList();

  private static final Map<Pair, List<Double>> TRAFFIC = Map.of(PAIR, COMPLEXITIES);

  private static List<Event> events(String model, int count, double intercept, double slope) {
    Random random = new Random(3);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double complexity = random.nextDouble();
      double quality = 1 / (1 + Math.exp(-(intercept + slope * complexity)));
      events.add(new Event(model, complexity, random.nextDouble() < quality ? 1 : 0, PAIR));
    }
    return events;
  }

  private static PairCalibration fit(List<Event> weak, List<Event> strong, double target) {
    List<Event> all = new ArrayList<>(weak);
    all.addAll(strong);
    return Fit.of(all, Map.of(), target, Map.of()).getFirst();
  }

  private static PairCalibration refit(
      List<Event> weak, List<Event> strong, double target, PairCalibration before) {
    List<Event> all = new ArrayList<>(weak);
    all.addAll(strong);
    return Fit.of(all, TRAFFIC, target, Map.of(PAIR, before)).getFirst();
  }

  @Test
  void aCurveIsFoundThatScoresCameFrom() {
    Curve found = Curve.fit(events("p/weak", 20_000, 2, -4));
    assertThat(found.intercept()).isCloseTo(2, within(4 * Math.sqrt(found.varIntercept())));
    assertThat(found.slope()).isCloseTo(-4, within(4 * Math.sqrt(found.varSlope())));
    assertThat(Math.sqrt(found.varSlope())).isBetween(0.01, 0.1);
  }

  @Test
  void nothingIsThePrior() {
    Curve none = Curve.fit(List.of());
    assertThat(none.at(0)).isCloseTo(Curve.PRIOR, within(1e-6));
    assertThat(none.at(1)).isCloseTo(Curve.PRIOR, within(1e-6));
  }

  @Test
  void whatIsAlwaysRightOrAlwaysWrongHasACurveToo() {
    for (double score : new double[] {0, 1}) {
      List<Event> same = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        same.add(new Event("p/weak", 0.5, score, null));
      }
      Curve found = Curve.fit(same);
      assertThat(found.at(0.5)).isCloseTo(score, within(0.01));
      assertThat(found.varIntercept()).isFinite().isPositive();
      assertThat(found.varSlope()).isFinite().isPositive();
    }
  }

  @Test
  void oneBadAnswerMovesNothing() {
    List<Event> one = List.of(new Event("p/weak", 0.9, 0, PAIR));
    List<Double> hard = COMPLEXITIES.subList(500, 1_000);
    PairCalibration found = Fit.of(one, Map.of(PAIR, hard), 0.95, Map.of()).getFirst();
    assertThat(found.threshold()).isNull();
    assertThat(found.expected().share()).isZero();
    assertThat(found.weakEvents()).isOne();
  }

  @Test
  void aThresholdTakesEnoughEventsOfBothModels() {
    List<Event> weak = events("p/weak", 500, -4, 0);
    List<Event> strong = events("p/strong", Fit.LEAST_EVENTS, 4, 0);
    List<Event> fewer = strong.subList(1, strong.size());
    assertThat(fit(weak, List.of(), 0.95).threshold()).isNull();
    assertThat(fit(weak, fewer, 0.95).threshold()).isNull();
    assertThat(fit(weak.subList(0, fewer.size()), strong, 0.95).threshold()).isNull();
    assertThat(fit(weak, strong, 0.95).expected().share()).isGreaterThan(0.9);
  }

  @Test
  void whatWasFoundOfEnoughEventsOutlivesThem() {
    List<Event> weak = events("p/weak", 1_000, 3, -6);
    List<Event> strong = events("p/strong", 1_000, 3, 0);
    List<Event> all = new ArrayList<>(weak);
    all.addAll(strong);
    PairCalibration before = Fit.of(all, TRAFFIC, 0.95, Map.of()).getFirst();
    assertThat(before.threshold()).isNotNull();
    assertThat(refit(List.of(), strong, 0.95, before)).isEqualTo(before);
    assertThat(refit(List.of(), List.of(), 0.95, before)).isEqualTo(before);
    assertThat(Fit.of(List.of(), Map.of(), 0.95, Map.of(PAIR, before))).isEmpty();
    List<Event> chosen = List.of(new Event("p/strong", 0.5, 1, PAIR));
    assertThat(Fit.of(chosen, Map.of(), 0.95, Map.of(PAIR, before))).containsExactly(before);
    PairCalibration looser = refit(List.of(), strong, 0.8, before);
    assertThat(looser.weakQuality()).isEqualTo(before.weakQuality());
    assertThat(looser.expected().share()).isLessThan(before.expected().share());
    assertThat(refit(events("p/weak", 1_000, 3, 0), strong, 0.95, before).threshold()).isNull();
  }

  @Test
  void whatWasFoundOfFewEventsIsFoundAnew() {
    PairCalibration before = fit(events("p/weak", 3, 0, 0), List.of(), 0.95);
    assertThat(refit(events("p/weak", 7, 0, 0), List.of(), 0.95, before).weakEvents()).isEqualTo(7);
  }

  @Test
  void equalModelsNeedNoStrongOne() {
    PairCalibration found =
        fit(events("p/weak", 2_000, 2, -1), events("p/strong", 2_000, 2, -1), 0.95);
    assertThat(found.threshold()).isNull();
    assertThat(found.wantsStrong(1)).isFalse();
    assertThat(found.expected().share()).isZero();
  }

  @Test
  void theTargetIsKeptWithTheReserveAndNoMoreIsSpent() {
    List<Event> weak = events("p/weak", 3_000, 3, -6);
    List<Event> strong = events("p/strong", 1_000, 2.5, -0.5);
    PairCalibration at90 = fit(weak, strong, 0.9);
    PairCalibration at95 = fit(weak, strong, 0.95);
    Map<Double, PairCalibration> byTarget = Map.of(0.9, at90, 0.95, at95);
    byTarget.forEach((target, found) -> {
      assertThat(found.expected().kept() - found.reserve()).isBetween(target, target + 0.002);
      assertThat(found.reserve()).isBetween(0.001, 0.03);
    });
    assertThat(at90.expected().share()).isLessThan(at95.expected().share());
    assertThat(at95.threshold()).isNotNull();
    assertThat(at95.wantsStrong(0.99)).isTrue();
    assertThat(at95.wantsStrong(0.01)).isFalse();
    assertThat(at95.strongNeeded(0.9)).isGreaterThan(at95.strongNeeded(0.3));
    assertThat(at95.curve().getFirst().gapRecovered()).isZero();
    assertThat(at95.curve().getLast().kept()).isEqualTo(1);
    assertThat(at95.bins().stream().mapToInt(Bin::weakEvents).sum()).isEqualTo(3_000);
  }

  @Test
  void requestsOfTheSameComplexityGoTheSameWay() {
    List<Event> weak = new ArrayList<>();
    List<Event> strong = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      weak.add(new Event("p/weak", 0.5, i % 2, PAIR));
      strong.add(new Event("p/strong", 0.5, 1, null));
    }
    PairCalibration found = fit(weak, strong, 0.95);
    assertThat(found.threshold()).isZero();
    assertThat(found.curve()).allMatch(point -> point.share() == 0 || point.share() == 1);
  }

  @Test
  void aTargetOfNothingNeedsNoStrongModelAndOneOfAllAlwaysDoes() {
    List<Event> weak = events("p/weak", 1_000, 1, -2);
    List<Event> strong = events("p/strong", 1_000, 3, 0);
    assertThat(fit(weak, strong, 0).threshold()).isNull();
    assertThat(fit(weak, strong, 1).expected().share()).isEqualTo(1);
  }
}
