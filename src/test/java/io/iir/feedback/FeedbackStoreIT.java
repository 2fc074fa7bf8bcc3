package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores and calibrations, as the databases keep them. */
class FeedbackStoreIT {

  private static final Pair PAIR = new Pair("p/weak", "p/strong");

  /** Answers of {@code model} that the key {@code key} got. */
  static List<Served> answers(String key, String model, String classifier, int count) {
    List<Served> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(new Served(key, model + i, model, "math", 0.5, classifier, PAIR));
    }
    return answers;
  }

  private static long of(List<Event> events, String model) {
    return events.stream().filter(event -> event.model().equals(model)).count();
  }

  @ParameterizedTest
  @EnumSource
  void noKeySpeaksForAllAndNoModelTakesAnothersPlace(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      FeedbackStore events = new FeedbackStore(store.pool());
      events.failed(answers("rare", "p/strong", "1-a", 2), 1);
      events.failed(answers("loud", "p/weak", "1-a", FeedbackStore.MOST_OF_A_KEY + 500), 10);
      events.failed(answers("quiet", "p/weak", "1-a", 7), 5);
      List<Event> some = events.events(Instant.EPOCH, "1-a");
      assertThat(of(some, "p/weak")).isEqualTo(FeedbackStore.MOST_OF_A_KEY + 7);
      assertThat(of(some, "p/strong")).isEqualTo(2);

      for (int i = 0; i < 5; i++) {
        events.failed(answers("more" + i, "p/weak", "1-a", FeedbackStore.MOST_OF_A_KEY), 20);
      }
      List<Event> all = events.events(Instant.EPOCH, "1-a");
      assertThat(of(all, "p/weak")).isEqualTo(FeedbackStore.MOST_EVENTS);
      assertThat(of(all, "p/strong")).isEqualTo(2);
      assertThat(events.events(Instant.ofEpochMilli(10), "1-a")).hasSizeGreaterThan(2_000);
      assertThat(of(events.events(Instant.ofEpochMilli(2), "1-a"), "p/strong")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherClassifiersEventsAreLeftOut(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      FeedbackStore events = new FeedbackStore(store.pool());
      events.failed(answers("key", "p/weak", "1-a", 3), 1);
      events.put(answers("other", "p/weak", "1-b", 1).getFirst(), 1, null, Instant.EPOCH);
      assertThat(events.events(Instant.EPOCH, "1-a")).hasSize(3);
      assertThat(events.events(Instant.EPOCH, "1-b"))
          .containsExactly(new Event("p/weak", 0.5, 1, PAIR));
      assertThat(events.traffic("1-a")).isEmpty();
      assertThat(events.count()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oldEventsGoInPortions(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      FeedbackStore events = new FeedbackStore(store.pool());
      events.failed(answers("key", "p/weak", "1-a", 7), 1);
      events.failed(answers("key", "p/strong", "1-a", 2), 5);
      Instant before = Instant.ofEpochMilli(5);
      assertThat(events.prune(before, 5)).isEqualTo(5);
      assertThat(events.prune(before, 5)).isEqualTo(2);
      assertThat(events.prune(before, 5)).isZero();
      assertThat(events.count()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachClassifierHasItsVersions(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      CalibrationStore versions = new CalibrationStore(store.pool());
      long first = versions.add(made("1-a")).number();
      long second = versions.add(made("1-b")).number();
      assertThat(Objects.requireNonNull(versions.live("1-a")).number()).isEqualTo(first);
      assertThat(Objects.requireNonNull(versions.live("1-b")).number()).isEqualTo(second);
      assertThat(versions.rollBack("1-a")).isTrue();
      assertThat(versions.rollBack("1-a")).isFalse();
      assertThat(versions.isRolledBack("1-a")).isTrue();
      assertThat(versions.isRolledBack("1-b")).isFalse();
      assertThat(versions.live("1-a")).isNull();
      assertThat(versions.liveNumber("1-b")).isEqualTo(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rollbacksAtOnceTakeAVersionEach(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      CalibrationStore versions = new CalibrationStore(store.pool());
      List<Callable<Boolean>> gateways = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        versions.add(made("1-a"));
        gateways.add(() -> versions.rollBack("1-a"));
      }
      long last = versions.add(made("1-b")).number();
      for (Future<Boolean> done : many.invokeAll(gateways)) {
        assertThat(done.get()).isTrue();
      }
      assertThat(versions.live("1-a")).isNull();
      assertThat(versions.rollBack("1-a")).isFalse();
      assertThat(versions.liveNumber("1-b")).isEqualTo(last);
    }
  }

  private static Calibration made(String classifier) {
    return new Calibration(
        0,
        Instant.EPOCH,
        Calibration.Source.COMMAND,
        "tester",
        Calibration.Outcome.ACCEPTED,
        classifier,
        0.95,
        Map.of());
  }
}
