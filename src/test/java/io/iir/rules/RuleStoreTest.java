package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.rules.RuleVersion.Outcome;
import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.Problem;
import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The texts of rules in a database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleStoreTest {

  private static final int KEPT = 3;

  private final TestStore database = open();

  /** Where they are kept. */
  TestStore open() {
    return TestStore.open(Vendor.SQLITE);
  }

  @AfterAll
  void close() throws Exception {
    database.close();
  }

  private RuleStore store() {
    return new RuleStore(database.pool(), KEPT);
  }

  private static RuleVersion text(String rule, String text, Outcome outcome) {
    return new RuleVersion(
        rule,
        0,
        rule + ".camel.yaml",
        "hash of " + text,
        text,
        Instant.ofEpochMilli(1_700_000_000_123L),
        Source.FILE,
        outcome,
        null,
        List.of());
  }

  @Test
  void aTextIsReadAsItWasWritten() {
    RuleVersion added = store().add(text("same", "ä 漢 🙂\n", Outcome.ACCEPTED));
    assertThat(added.number()).isEqualTo(1);
    assertThat(store().list("same", 10)).containsExactly(added);
    assertThat(store().lastGood("same")).isEqualTo(added);
    assertThat(store().lastGoodBut("same", added.hash())).isNull();
    assertThat(store().rules()).contains("same");
  }

  @Test
  void theNewestAreKeptAndTheLastGoodOne() {
    store().add(text("many", "good", Outcome.ACCEPTED));
    for (int i = 0; i < 5; i++) {
      store().add(text("many", "bad " + i, Outcome.REFUSED));
    }
    assertThat(store().list("many", 10))
        .extracting(RuleVersion::number)
        .containsExactly(6L, 5L, 4L, 1L);
    RuleVersion good = Objects.requireNonNull(store().lastGood("many"));
    assertThat(good.text()).isEqualTo("good");
  }

  @Test
  void whatIsTakenBackIsNotGoodAnyMore() {
    RuleVersion first = store().add(text("back", "first", Outcome.ACCEPTED));
    RuleVersion second = store().add(text("back", "second", Outcome.ACCEPTED));
    List<Problem> why = List.of(new Problem("back.camel.yaml", 1, 2, "it fails", null));
    assertThat(store().rollBack("back", second.hash(), why)).isEqualTo(1);
    assertThat(store().lastGood("back")).isEqualTo(first);
    assertThat(store().whyRolledBack("back", second.hash())).isEqualTo(why);
    assertThat(store().whyRolledBack("back", first.hash())).isNull();
  }

  @Test
  void gatewaysThatAddAtOnceGetNumbersOfTheirOwn() throws Exception {
    List<Callable<Long>> gateways = new ArrayList<>();
    RuleStore all = new RuleStore(database.pool(), 1000);
    for (int i = 0; i < 40; i++) {
      String text = "text " + i;
      gateways.add(() -> all.add(text("race", text, Outcome.ACCEPTED)).number());
    }
    List<Long> numbers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> number : threads.invokeAll(gateways)) {
        numbers.add(number.get());
      }
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
    assertThat(all.list("race", 100)).hasSize(40);
  }
}
