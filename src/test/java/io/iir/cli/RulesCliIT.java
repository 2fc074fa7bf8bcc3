package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.Certificate;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands against a running gateway, and the same without it on what it exported. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesCliIT {

  private static final Map<String, String> KEY = Map.of("IIR_ADMIN_KEY", Gateway.ADMIN_KEY);
  private static final List<String> PROMPTS =
      List.of("Write a Java method", "Translate to French: hello", "2 + 2 = ?", "Tell me a joke");

  @TempDir static Path temp;

  private FakeProvider provider;
  private Gateway gateway;
  private String live = "";
  private String record = "";

  @BeforeAll
  void start() throws IOException {
    provider = new FakeProvider(call -> call.completion("An answer of ten words", 37, 11));
    RuleFolder rules = new RuleFolder(Files.createDirectory(temp.resolve("routes")));
    live = RuleFolder.rule("near/big, near/mini", "live");
    rules.write(live);
    gateway =
        Gateway.start(
            Gateway.all(
                rules.settings(),
                Gateway.provider("near", provider.baseUrl()),
                model(0, "near/big", "2.5", "10.0", "0.9"),
                model(1, "near/mini", "0.15", "0.6", "0.7"),
                model(2, "near/quick", "0.05", "0.08", "0.5"),
                new String[] {"iir.aliases.best=near/big"}));
    Gateway.NewKey key =
        gateway.newKey("{\"name\":\"app\",\"team\":\"web\",\"models\":[\"near/*\"]}");
    for (int i = 0; i < 24; i++) {
      String model = i % 5 == 0 ? "near/quick" : i % 7 == 0 ? "best" : "auto";
      String body = chat(model, PROMPTS.get(i % PROMPTS.size()) + " " + i);
      String secret = i % 3 == 0 ? key.secret() : Gateway.ADMIN_KEY;
      assertThat(gateway.chat(body, "Authorization", "Bearer " + secret).statusCode())
          .isEqualTo(200);
    }
    record = temp.resolve("record.ndjson").toString();
    Files.writeString(Path.of(record), gateway.get("/api/v1/rules/decisions").body());
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  private static String[] model(
      int number, String id, String input, String output, String quality) {
    String prefix = "iir.models[" + number + "].";
    return new String[] {
      prefix + "id=" + id,
      prefix + "context=32768",
      prefix + "price.input=" + input,
      prefix + "price.output=" + output,
      prefix + "quality=" + quality
    };
  }

  private static String chat(String model, String text) {
    return """
    {"model": "%s", "max_tokens": 99, "messages": [{"role": "user", "content": "%s"}]}\
    """
        .formatted(model, text);
  }

  private CliRun asked(String input, String command, String... more) {
    List<String> all = new ArrayList<>(List.of("rules", command, "--gateway", url()));
    all.addAll(List.of(more));
    return CliRun.of(KEY, input, all.toArray(String[]::new));
  }

  private CliRun offline(String input, String command, String... more) {
    List<String> all = new ArrayList<>(List.of("rules", command, "--record", record));
    all.addAll(List.of(more));
    return CliRun.of(Map.of(), input, all.toArray(String[]::new));
  }

  private String url() {
    return gateway.url("").toString();
  }

  // ---- both ways

  @ParameterizedTest
  @ValueSource(
      strings = {
        "near/mini",
        "cheapest(near/*)",
        "best(near/*, price <= 1), sim/echo",
        "fastest(near/*)",
        "weighted(near/big: 50, near/quick: 50)",
        "sim/echo",
        "near/unlisted"
      })
  void aBacktestIsTheSameWithAndWithoutTheGateway(String targets) {
    String rule = RuleFolder.rule(targets, "tried");
    CliRun there = asked(rule, "backtest", "-", "--json");
    CliRun here = offline(rule, "backtest", "-", "--json");
    assertThat(there.status()).as(there.err()).isZero();
    assertThat(here.out()).isEqualTo(there.out());
    assertThat(Gateway.json(here.out()).path("decisions").asInt()).isEqualTo(24);
    assertThat(offline(rule, "backtest", "-", "--last", "5").out())
        .isEqualTo(asked(rule, "backtest", "-", "--last", "5").out());
  }

  @Test
  void anExplanationIsTheSameWithAndWithoutTheGateway() throws IOException {
    String rule = RuleFolder.rule("cheapest(near/*), near/none", "tried");
    for (String model : List.of("auto", "auto/cost", "best", "near/quick")) {
      Path body = Files.writeString(temp.resolve("chat.json"), chat(model, PROMPTS.getFirst()));
      String[] more = {"-", "--body", body.toString(), "--header", "x-tenant: t", "--json"};
      CliRun there = asked(rule, "explain", more);
      CliRun here = offline(rule, "explain", more);
      assertThat(there.status()).as(there.err()).isZero();
      assertThat(comparable(here)).isEqualTo(comparable(there));
    }
  }

  /** What a cache holds only its gateway knows; and an hour may begin in between. */
  private static JsonNode comparable(CliRun run) {
    ObjectNode view = (ObjectNode) Gateway.json(run.out());
    view.remove("cache");
    ((ObjectNode) view.path("variables")).remove(List.of("hour", "weekday"));
    return view;
  }

  @Test
  void validateSaysTheSameWithAndWithoutTheGateway() {
    for (String targets : List.of("near/big", "sim/ecco", "cheapest(")) {
      String rule = RuleFolder.rule(targets, "tried");
      CliRun there = asked(rule, "validate", "-");
      CliRun here = offline(rule, "validate", "-");
      assertThat(here).isEqualTo(there);
      assertThat(there.status()).isEqualTo(targets.equals("near/big") ? 0 : 1);
    }
  }

  // ---- with the gateway alone

  @Test
  void aDiffShowsTheEditAndWhatItChanges() {
    CliRun same = asked(live, "diff", "-");
    assertThat(same.status()).as(same.err()).isZero();
    assertThat(same.out()).contains("<stdin> is what decides: version 1");
    CliRun other = asked(live.replace("near/big, ", ""), "diff", "-");
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.out())
        .contains("--- provider-choice\tversion 1, live since ")
        .contains("+++ <stdin>\n@@ -13,4 +13,4 @@")
        .contains(
            "-                - setVariable: {name: targets, constant: \"near/big, near/mini\"}")
        .contains("+                - setVariable: {name: targets, constant: \"near/mini\"}")
        .contains("It would be accepted.")
        .containsPattern("\\d+ of 24 recorded requests would go elsewhere, at 0\\.\\d+ USD");
  }

  @Test
  void aDiffOfABrokenOrNewRule() {
    CliRun broken = asked(live.replace("near/big", "sim/ecco"), "diff", "-");
    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.out()).contains("It would be refused:\n<stdin>:16:");
    CliRun fresh = asked(live.replace("provider-choice", "another"), "diff", "-");
    assertThat(fresh.status()).isEqualTo(1);
    assertThat(fresh.out()).contains("--- /dev/null").contains("0 of 24 recorded requests");
    CliRun ends = asked(live.replace("\n", "\r\n"), "diff", "-");
    assertThat(ends.out()).contains("Only the ends of lines differ.");
  }

  @Test
  void aWrongRuleIsReportedWithItsPlace() {
    String rule = RuleFolder.rule("sim/ecco", "tried");
    CliRun run = asked(rule, "backtest", "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("<stdin>:16:").contains("did you mean 'sim/echo'?");
  }

  @Test
  void liveRulesAreExplainedForAKey() {
    Gateway.NewKey key = gateway.newKey("{\"name\":\"small\",\"models\":[\"near/mini\"]}");
    String body = chat("auto", "Hello");
    CliRun run = asked(body, "explain", "--body", "-", "--key", key.id());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("rules    provider-choice version 1")
        .containsPattern("near/big +is not for this key");
    run = asked(body, "explain", "--body", "-", "--key", "key_none");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("There is no API key 'key_none'.");
    run = asked(body, "explain", "--request", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--request needs --record");
    run = asked(chat("sim/ecco", "Hello"), "explain", "--body", "-");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("has no model 'ecco'");
  }

  @Test
  void aKeyThatIsNotTheAdministrators() throws IOException {
    Gateway.NewKey key = gateway.newKey("{\"name\":\"app\"}");
    Path file = Files.writeString(temp.resolve("key"), key.secret() + "\n");
    CliRun run = asked(live, "validate", "-", "--key-file", file.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("not an administrator's");
    Files.writeString(file, "sk-wrong");
    run = asked(live, "validate", "-", "--key-file", file.toString());
    assertThat(run.err()).contains("does not know the key");
  }

  @Test
  void tlsNeedsAnAuthorityThatIsTrusted() throws IOException {
    Certificate certificate =
        Certificate.create(Files.createDirectory(temp.resolve("tls")), "localhost");
    try (Gateway secure =
        Gateway.start(
            "iir.server.tls.certificate=" + certificate.certificate(),
            "iir.server.tls.private-key=" + certificate.privateKey())) {
      String url = "https://localhost:" + secure.port();
      String rule = RuleFolder.rule("sim/echo", "tls");
      CliRun run = CliRun.of(KEY, rule, "rules", "validate", "--gateway", url, "-");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("--trust names a PEM file");
      run =
          CliRun.of(
              KEY,
              rule,
              "rules",
              "validate",
              "--gateway",
              url,
              "-",
              "--trust",
              certificate.certificate().toString());
      assertThat(run.status()).as(run.err()).isZero();
      run =
          CliRun.of(
              KEY,
              rule,
              "rules",
              "validate",
              "--gateway",
              "http://localhost:" + secure.port(),
              "-");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err().lines()).hasSize(1);
    }
  }
}
