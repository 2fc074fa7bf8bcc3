package io.iir.feedback;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes calibrations of events. A model's events count for each of its pairs, whatever the request
 * had asked for. Stateless; the same events give the same calibrations.
 */
final class Fit {

  /** Fewer requests than these are no picture of the traffic: then the events stand for it. */
  private static final int LEAST_TRAFFIC = 100;

  /** Of a model with fewer events than these too little is known to move requests. */
  static final int LEAST_EVENTS = 50;

  private static final int MOST_PAIRS = 100;
  private static final int BINS = 10;

  private Fit() {}

  /**
   * The calibrations of all pairs of which there are events, those of most events first. A pair of
   * too few has no threshold; if it had enough once, what was found then stays.
   *
   * @param traffic the complexities of requests that were a choice between two models
   * @param target how much of the strong model's quality is to be kept
   * @param live what is in use
   */
  static List<PairCalibration> of(
      List<Event> events,
      Map<Pair, List<Double>> traffic,
      double target,
      Map<Pair, PairCalibration> live) {
    Map<String, List<Event>> byModel = events.stream().collect(Collectors.groupingBy(Event::model));
    Set<Pair> pairs = new LinkedHashSet<>(traffic.keySet());
    for (Event event : events) {
      if (event.pair() != null) {
        pairs.add(event.pair());
      }
    }
    List<PairCalibration> found = new ArrayList<>();
    for (Pair pair : pairs) {
      List<Event> weak = byModel.getOrDefault(pair.weak(), List.of());
      List<Event> strong = byModel.getOrDefault(pair.strong(), List.of());
      List<Double> asked = traffic.getOrDefault(pair, List.of());
      PairCalibration before = live.get(pair);
      if (!isEnough(weak.size(), strong.size())
          && before != null
          && isEnough(before.weakEvents(), before.strongEvents())) {
        found.add(carried(before, asked, target));
      } else if (!weak.isEmpty() || !strong.isEmpty()) {
        found.add(of(pair, weak, strong, asked, target));
      }
    }
    found.sort(
        Comparator.comparingInt((PairCalibration each) -> each.weakEvents() + each.strongEvents())
            .reversed()
            .thenComparing(PairCalibration::weak)
            .thenComparing(PairCalibration::strong));
    return found.subList(0, Math.min(MOST_PAIRS, found.size()));
  }

  private static boolean isEnough(int weakEvents, int strongEvents) {
    return Math.min(weakEvents, strongEvents) >= LEAST_EVENTS;
  }

  /** The curves of {@code before}, held to the target on today's traffic if that is known. */
  private static PairCalibration carried(
      PairCalibration before, List<Double> traffic, double target) {
    if (traffic.size() < LEAST_TRAFFIC) {
      return before;
    }
    Threshold thresholds =
        new Threshold(
            sample(traffic),
            before.weakQuality(),
            before.strongQuality(),
            before.weakEvents() + before.strongEvents());
    return before.with(thresholds, thresholds.most(target));
  }

  private static PairCalibration of(
      Pair pair, List<Event> weak, List<Event> strong, List<Double> traffic, double target) {
    Curve weakQuality = Curve.fit(weak);
    Curve strongQuality = Curve.fit(strong);
    int events = weak.size() + strong.size();
    double[] sample = sample(weak, strong, traffic);
    Threshold thresholds = new Threshold(sample, weakQuality, strongQuality, events);
    int k = isEnough(weak.size(), strong.size()) ? thresholds.most(target) : sample.length;
    return new PairCalibration(
        pair.weak(),
        pair.strong(),
        weak.size(),
        strong.size(),
        weakQuality,
        strongQuality,
        thresholds.threshold(k),
        thresholds.reserve(k),
        thresholds.point(k),
        bins(weak, strong, weakQuality, strongQuality),
        thresholds.curve());
  }

  private static double[] sample(List<Event> weak, List<Event> strong, List<Double> traffic) {
    if (traffic.size() >= LEAST_TRAFFIC) {
      return sample(traffic);
    }
    List<Event> both = new ArrayList<>(weak);
    both.addAll(strong);
    return both.stream().mapToDouble(Event::complexity).toArray();
  }

  private static double[] sample(List<Double> traffic) {
    return traffic.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Bin> bins(
      List<Event> weak, List<Event> strong, Curve weakQuality, Curve strongQuality) {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      double from = (double) i / BINS;
      double to = (i + 1.0) / BINS;
      double middle = (from + to) / 2;
      List<Event> ofWeak = within(weak, i);
      List<Event> ofStrong = within(strong, i);
      bins.add(
          new Bin(
              from,
              to,
              ofWeak.size(),
              mean(ofWeak),
              weakQuality.at(middle),
              ofStrong.size(),
              mean(ofStrong),
              strongQuality.at(middle),
              Math.max(0, strongQuality.at(middle) - weakQuality.at(middle))));
    }
    return bins;
  }

  private static List<Event> within(List<Event> events, int bin) {
    return events.stream()
        .filter(event -> Math.clamp((int) (event.complexity() * BINS), 0, BINS - 1) == bin)
        .toList();
  }

  private static @Nullable Double mean(List<Event> events) {
    return events.isEmpty()
        ? null
        : (Double) events.stream().mapToDouble(Event::score).average().orElseThrow();
  }
}
