package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.provider.ModelPattern;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import io.iir.testing.RuleFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules are checked and tried where no gateway runs. */
class OfflineRulesTest {

  private static final Set<String> ENTRY = Set.of("provider-choice");

  private static final String TEAM =
      """
      - route:
          id: team
          group: rules
          from:
            uri: direct:team
            steps:
              - setVariable: {name: targets, constant: vllm/mini}
      """;

  private static final String TO_TEAM =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - to: direct:team
      """;

  @TempDir private Path folder;

  @Test
  void withoutARecordAnyModelMayBeNamed() throws InvalidRuleException {
    try (OfflineRules rules = OfflineRules.of(null, ENTRY, Set.of())) {
      assertThat(rules.validate(List.of(edit("nobody/nothing")))).isEmpty();
      assertThat(rules.validate(List.of(edit("best(")))).isNotEmpty();
    }
  }

  @Test
  void withARecordOnlyItsModels() throws InvalidRuleException {
    try (OfflineRules rules = OfflineRules.of(null, ENTRY, Exports.of(1))) {
      assertThat(rules.validate(List.of(edit("vllm/mini")))).isEmpty();
      assertThat(rules.validate(List.of(edit("vllm/mimi, sim/ecco"))))
          .singleElement()
          .extracting(Problem::hint)
          .asString()
          .contains("sim/echo");
    }
  }

  @Test
  void editsGoTogether() throws InvalidRuleException {
    RuleEdit team = RuleEdit.of(TEAM);
    RuleEdit entry = RuleEdit.of(TO_TEAM);
    Set<String> both = Set.of("provider-choice", "team");
    try (OfflineRules rules = OfflineRules.of(null, both, Set.of())) {
      assertThat(rules.validate(List.of(entry, team))).isEmpty();
      assertThat(rules.validate(List.of(entry))).isNotEmpty();
    }
  }

  @Test
  void theOtherRulesAreThoseOfTheFolder() throws Exception {
    Files.writeString(folder.resolve("team.camel.yaml"), TEAM);
    Files.writeString(folder.resolve(RuleFolder.FILE), "broken, and about to be replaced");
    try (OfflineRules rules = OfflineRules.of(folder, ENTRY, Set.of())) {
      assertThat(rules.validate(List.of(RuleEdit.of(TO_TEAM)))).isEmpty();
    }
    assertThatThrownBy(() -> OfflineRules.of(folder, Set.of("team"), Set.of()))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageContaining(RuleFolder.FILE);
  }

  @Test
  void aBacktestCountsWhatChanges() throws InvalidRuleException {
    try (OfflineRules rules = OfflineRules.of(null, ENTRY, Exports.of(10))) {
      BacktestReport report = rules.backtest(edit("vllm/mini"), 4);
      assertThat(report.total().decisions()).isEqualTo(4);
      assertThat(report.moves())
          .containsExactly(new BacktestReport.Move("vllm/big", "vllm/mini", 4));
      assertThat(report.byTeam()).containsOnlyKeys("", "builders");
      // requests 6 and 9 ended with 200 + 50 tokens; 7 and 8 are estimated by 107 and 108 + 256
      assertThat(report.total().nanoUsdBefore())
          .isEqualTo(2 * (200 * 2_500L + 50 * 10_000L) + 215 * 2_500L + 512 * 10_000L);
    }
  }

  @Test
  void withoutAnEditTheShippedRulesAreExplained() throws InvalidRuleException {
    DecisionExport export = Exports.of(1);
    Facts facts = export.records().getFirst().facts();
    try (OfflineRules rules = OfflineRules.of(null, Set.of(), export)) {
      Explained explained = rules.explain(facts, List.of(ModelPattern.ALL), null);
      assertThat(explained.versions()).isEqualTo(Map.of("provider-choice", 0L));
      assertThat(explained.steps()).isNotEmpty();
      assertThat(explained.verdict())
          .isInstanceOfSatisfying(
              Decision.class, decision -> assertThat(decision.reason()).isEqualTo("nearest-first"));
    }
  }

  private static RuleEdit edit(String targets) {
    return RuleEdit.of(RuleFolder.rule(targets, "edited"));
  }
}
