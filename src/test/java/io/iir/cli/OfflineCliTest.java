package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.rules.Exports;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands without a gateway: what they print, and what they say of bad input. */
class OfflineCliTest {

  private static final String CHAT =
      """
      {"model": "auto", "messages": [{"role": "user", "content": "Write a Java method"}]}
      """;

  @TempDir private Path folder;
  private String rule = "";
  private String record = "";

  @BeforeEach
  void write() throws IOException {
    rule = file("draft.yaml", RuleFolder.rule("vllm/mini", "edited"));
    Path export = folder.resolve("record.ndjson");
    try (OutputStream out = Files.newOutputStream(export)) {
      Exports.of(10).write(out);
    }
    record = export.toString();
  }

  // ---- validate

  @Test
  void aGoodRuleIsValid() {
    CliRun run = CliRun.of("rules", "validate", "routes/provider-choice.camel.yaml");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines("routes/provider-choice.camel.yaml: valid\n");
    assertThat(run.err()).contains("any model may be named");
  }

  @Test
  void whatIsWrongIsPrintedAsCompilersDo() throws IOException {
    String bad = file("bad.yaml", RuleFolder.rule("vllm/mini", "x").replace("constant", "constnt"));
    CliRun run = CliRun.of("rules", "validate", bad, rule);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).startsWith(bad + ":16:").contains("constnt");
    assertThat(run.out().lines()).contains(rule + ": nothing found");
  }

  @Test
  void aRecordTellsWhichModelsThereAre() {
    String text = RuleFolder.rule("vllm/mimi", "edited");
    CliRun run = CliRun.of(Map.of(), text, "rules", "validate", "--record", record, "-");
    assertThat(run.status()).isEqualTo(0);
    text = RuleFolder.rule("sim/ecco", "edited");
    run = CliRun.of(Map.of(), text, "rules", "validate", "--record", record, "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).startsWith("<stdin>:").contains("did you mean 'sim/echo'?");
  }

  @Test
  void validateAnswersInJson() throws IOException {
    JsonNode good = Gateway.json(CliRun.of("rules", "validate", "--json", rule).out());
    assertThat(good.path("valid").asBoolean()).isTrue();
    String bad = file("bad.yaml", "");
    CliRun run = CliRun.of("rules", "validate", "--json", bad);
    assertThat(run.status()).isEqualTo(1);
    JsonNode error = Gateway.json(run.out()).path("errors").path(0);
    assertThat(error.path("file").asText()).isEqualTo(bad);
    assertThat(error.path("message").asText()).isEqualTo("the file is empty");
  }

  @Test
  void aFileThatIsNoTextIsWrong() throws IOException {
    Path file = Files.write(folder.resolve("latin1.yaml"), new byte[] {(byte) 0xe4, '\n'});
    CliRun run = CliRun.of("rules", "validate", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().strip())
        .isEqualTo(file + ": the file is not UTF-8 text (save it as UTF-8)");
  }

  @Test
  void aFileOfAnotherNameThanItsRuleIsNoted() throws IOException {
    String other = file("other.camel.yaml", RuleFolder.rule("vllm/mini", "x"));
    CliRun run = CliRun.of("rules", "validate", other);
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("it has to be called provider-choice.camel.yaml");
  }

  @Test
  void headersThatRulesMayReadCanBeNamed() throws IOException {
    String text =
        RuleFolder.rule("vllm/mini", "x")
            .replace("${variable.strategy} == 'p", "${header.x-mine} == 'p");
    String own = file("own.yaml", text);
    assertThat(CliRun.of("rules", "validate", own).status()).isEqualTo(1);
    assertThat(CliRun.of("rules", "validate", "--header-name", "X-Mine", own).status()).isZero();
  }

  // ---- backtest

  @Test
  void aBacktestIsATable() {
    CliRun run = CliRun.of("rules", "backtest", "--record", record, rule);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            decisions  10
            changed    10 (100.0 %)
            unpriced   0
            cost, USD  0.0209275 -> 0.00125565 (-94.0 %)

            from      to         decisions
            vllm/big  vllm/mini         10

            category  decisions  changed  unpriced  USD before   USD after
            chat              5        5         0   0.0104625  0.00062775
            coding            5        5         0    0.010465   0.0006279

            team      decisions  changed  unpriced  USD before   USD after
            (none)            5        5         0   0.0104625  0.00062775
            builders          5        5         0    0.010465   0.0006279
            """);
  }

  @Test
  void aBacktestTakesTheLast() {
    CliRun run = CliRun.of("rules", "backtest", "--record", record, "--last", "3", "--json", rule);
    assertThat(Gateway.json(run.out()).path("decisions").asInt()).isEqualTo(3);
    run = CliRun.of("rules", "backtest", "--record", record, "--exit-code", rule);
    assertThat(run.status()).isEqualTo(1);
    assertUnusable(
        "--last must be at least 1", "backtest", "--record", record, "--last", "0", rule);
    assertUnusable("Invalid value for option '--last'", "backtest", "--last", "many", rule);
  }

  @Test
  void aWrongRuleIsNotTested() {
    String text = RuleFolder.rule("sim/ecco", "edited");
    CliRun run = CliRun.of(Map.of(), text, "rules", "backtest", "--record", record, "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("<stdin>:16:");
  }

  // ---- explain

  @Test
  void aRecordedRequestIsExplained() {
    CliRun run = CliRun.of("rules", "explain", "--record", record, "--request", "req-4", rule);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("promptTokens     104")
        .contains("provider-choice:9   no   strategy=auto  ${variable.strategy} == 'pass-through'")
        .containsPattern("provider-choice:13  yes +otherwise")
        .contains("targets  vllm/mini")
        .contains("vllm/mini  0.0001692  USD");
  }

  @Test
  void aBodyIsExplainedByTheSameCode() {
    CliRun run =
        CliRun.of(
            Map.of(),
            CHAT,
            "rules",
            "explain",
            "--record",
            record,
            "--body",
            "-",
            "--json",
            "--header",
            "X-Tenant: acme");
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode view = Gateway.json(run.out());
    assertThat(view.at("/classification/category").asText()).isEqualTo("coding");
    assertThat(view.at("/headers/x-tenant").asText()).isEqualTo("acme");
    assertThat(view.at("/variables/key").asText()).isEqualTo("admin");
    assertThat(view.at("/reason").asText()).isNotEmpty();
    assertThat(view.at("/cache").asText()).isEqualTo("unknown");
  }

  @Test
  void thatNoCalibrationIsUsedIsSaid() {
    String chat = CHAT.replace("\"auto\"", "\"auto/cost\"");
    String[] explain = {"rules", "explain", "--record", record, "--body", "-"};
    CliRun run = CliRun.of(Map.of(), chat, explain);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("note: no calibration of models is used");
    assertThat(run.out())
        .containsPattern("quality +\\S+ first, complexity .*, no threshold is known");
    assertThat(CliRun.of(Map.of(), CHAT, explain).err()).isEmpty();
  }

  @Test
  void whatCannotBeExplainedIsSaid() throws IOException {
    String body = file("chat.json", CHAT);
    assertUnusable("give --body, or --request", "explain", "--record", record);
    assertUnusable("no request 'x'", "explain", "--record", record, "--request", "x");
    assertUnusable(
        "--key needs a gateway", "explain", "--record", record, "--body", body, "--key", "k");
    assertUnusable("neither a gateway nor a record", "explain", "--body", body);
    assertUnusable(
        "is not 'Name: value'", "explain", "--record", record, "--body", body, "--header", "x");
    String broken = file("broken.json", "{\"model\":\n  oops}");
    assertUnusable(broken + ":2:", "explain", "--record", record, "--body", broken);
    String list = file("list.json", "[]");
    assertUnusable("no JSON object", "explain", "--record", record, "--body", list);
    String unknown = file("unknown.json", CHAT.replace("auto", "sim/ecco"));
    assertUnusable("A gateway would answer 404", "explain", "--record", record, "--body", unknown);
  }

  // ---- bad input

  @Test
  void filesThatCannotBeRead() throws IOException {
    String missing = folder.resolve("missing.yaml").toString();
    assertUnusable(missing + ": there is no such file.", "validate", missing);
    assertUnusable(folder + " is a directory, not a file.", "validate", folder.toString());
    assertUnusable("there is no such file", "backtest", "--record", missing, rule);
    assertUnusable("there is no such directory", "validate", "--routes", missing, rule);
    String empty = file("empty", "");
    assertUnusable(empty + " is empty.", "backtest", "--record", empty, rule);
    CliRun twice = CliRun.of(Map.of(), "- x", "rules", "backtest", "--record", "-", "-");
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.err()).contains("Only one file can be '-'");
  }

  @Test
  void aBrokenLineOfARecordIsNamed() throws IOException {
    String broken = file("broken", Files.readString(Path.of(record)).replace("\"req-2\"", "req-2"));
    assertUnusable(
        broken + " is no export of decisions: line 4 is not JSON",
        "backtest",
        "--record",
        broken,
        rule);
  }

  @Test
  void wrongUsage() {
    assertUnusable("A command is missing");
    assertUnusable("Missing required parameter", "validate");
    assertUnusable("Unknown option", "validate", "--jsn", rule);
    assertUnusable("Unmatched argument", "vlidate", rule);
    assertUnusable("neither a gateway nor a record", "backtest", rule);
    assertUnusable("diff asks a running gateway", "diff", rule);
    assertUnusable("key is missing", "validate", "--gateway", "http://localhost:1", rule);
    assertUnusable(
        "--record asks no gateway", "backtest", "--gateway", "http://x", "--record", record, rule);
  }

  @Test
  void helpAndVersion() {
    assertThat(CliRun.of("rules", "--help").out()).contains("Exit status:").contains("backtest");
    assertThat(CliRun.of("rules", "explain", "--help").out()).contains("--body").contains("  2  ");
    assertThat(CliRun.of("rules", "--version").out()).startsWith("iir ");
  }

  private static void assertUnusable(String message, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "rules";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    CliRun run = CliRun.of(all);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
