package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.ModelSettings;
import io.iir.provider.ModelPattern;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.BacktestReport.Move;
import io.iir.rules.BacktestReport.Totals;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.Knob;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BacktestTest {

  private final ProviderDirectory directory =
      new ProviderDirectory(
          List.of(Provider.openai("p", URI.create("https://p.example.org/v1"))),
          List.of(),
          Map.of(),
          List.of(model("p/cheap", 1), model("p/dear", 10), model("p/unpriced", null)),
          new ModelTraffic());
  private final List<DecisionRecord> records = new ArrayList<>();

  private static ModelSettings model(String id, @Nullable Integer usd) {
    BigDecimal price = usd == null ? null : BigDecimal.valueOf(usd);
    return new ModelSettings(
        id,
        null,
        8000,
        null,
        price == null ? null : new ModelSettings.Price(price, price),
        null,
        null);
  }

  private static Verdict verdict(String targets, Facts facts) {
    return new DecisionReader().read(Map.of(Knob.TARGETS.word(), targets), facts, 1);
  }

  private DecisionRecord record(String category, @Nullable String team, String targets) {
    Facts facts =
        new Facts(Map.of())
            .with(Fact.CATEGORY, category)
            .with(Fact.TEAM, team)
            .with(Fact.PROMPT_TOKENS, 1000)
            .with(Fact.MAX_TOKENS, 0);
    DecisionRecord record =
        new DecisionRecord(
            Instant.EPOCH,
            "r",
            facts,
            List.of(ModelPattern.ALL),
            (Decision) verdict(targets, facts));
    records.add(record);
    return record;
  }

  private BacktestReport run(String targets) {
    return new Backtest(directory).run(records, facts -> verdict(targets, facts));
  }

  @Test
  void ofNothingIsNothing() {
    BacktestReport report = run("p/cheap");
    assertThat(report.total()).isEqualTo(Totals.NONE);
    assertThat(report.moves()).isEmpty();
    assertThat(report.byCategory()).isEmpty();
  }

  @Test
  void countsWhatWouldGoElsewhereAndWhatItWouldCost() {
    record("coding", "red", "p/dear");
    record("coding", null, "p/dear, p/cheap").end(new DecisionRecord.Ending("p/dear", 100, 10));
    record("math", "red", "p/cheap");
    BacktestReport report = run("p/cheap");
    // 1,000 and the usual 256 tokens; 110 tokens: times 10 and 1 USD a million
    assertThat(report.total())
        .isEqualTo(
            new Totals(3, 2, 0, 12_560_000 + 1_100_000 + 1_256_000, 2 * 1_256_000 + 110_000));
    assertThat(report.moves()).containsExactly(new Move("p/dear", "p/cheap", 2));
    assertThat(report.byCategory()).containsOnlyKeys("coding", "math");
    assertThat(report.byCategory().get("math"))
        .isEqualTo(new Totals(1, 0, 0, 1_256_000, 1_256_000));
    assertThat(report.byTeam()).containsOnlyKeys("", "red");
  }

  @Test
  void theMostFrequentMoveComesFirst() {
    record("a", null, "p/dear");
    record("a", null, "p/unpriced");
    record("a", null, "p/unpriced");
    assertThat(run("p/cheap").moves())
        .containsExactly(new Move("p/unpriced", "p/cheap", 2), new Move("p/dear", "p/cheap", 1));
  }

  @Test
  void anUnknownPriceAddsNoCost() {
    record("a", null, "p/unpriced");
    assertThat(run("p/cheap").total()).isEqualTo(new Totals(1, 1, 1, 0, 0));
  }

  @Test
  void noModelIsSaidSoAndCostsNothing() {
    record("a", null, "p/cheap");
    BacktestReport report = run("q/none");
    assertThat(report.moves()).containsExactly(new Move("p/cheap", Backtest.NONE, 1));
    assertThat(report.total()).isEqualTo(new Totals(1, 1, 0, 1_256_000, 0));
  }

  @Test
  void whatTheTextFailsForStaysAndIsSaid() {
    record("a", null, "p/dear");
    record("a", null, "p/dear");
    BacktestReport report = run("cheapest(");
    assertThat(report.total().changed()).isZero();
    assertThat(report.failures()).hasSize(1).containsValue(2);
  }
}
