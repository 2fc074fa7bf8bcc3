package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rules decide after a restart, and which after rules that fail have been taken back. */
class RulesRestartIT {

  /** Passes every sample, for they are of teams that exist, and fails for requests without one. */
  private static final String FAILS_WITHOUT_TEAM =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: pair
                      simple: "${variable.key} == 'admin' && ${variable.maxTokens} == 77"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.team}, sim/echo"}
                  otherwise:
                    id: all
                    steps:
                      - setVariable: {name: targets, constant: sim/echo}
      """;

  @TempDir Path temp;

  private RuleFolder rules;
  private Path data;

  @BeforeEach
  void folders() throws IOException {
    rules = new RuleFolder(Files.createDirectory(temp.resolve("routes")));
    data = Files.createDirectory(temp.resolve("data"));
  }

  @Test
  void aBrokenFileIsReplacedByTheLastGoodText() throws IOException {
    rules.write(RuleFolder.rule("sim/lorem", "good"));
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("good");
    }
    rules.write(RuleFolder.rule("sim/lorem", "broken").replace("choice:", "choices:"));
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("good");
      assertThat(rule(gateway).path("source").asText()).isEqualTo("last_good");
      assertThat(rule(gateway).path("version").asInt()).isEqualTo(1);
      assertThat(rule(gateway).path("last_error").path("message").asText()).contains("choices");
      assertThat(health(gateway)).isEqualTo("degraded");
      assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
      rules.write(RuleFolder.rule("sim/lorem", "mended"));
      await().until(() -> reason(gateway).equals("mended"));
      await().until(() -> health(gateway).equals("ok"));
    }
  }

  @Test
  void aBrokenFileWithoutAGoodTextIsReplacedByTheShippedOne() throws IOException {
    rules.write("- route: [");
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("nearest-first");
      assertThat(rule(gateway).path("source").asText()).isEqualTo("shipped");
      assertThat(health(gateway)).isEqualTo("degraded");
    }
  }

  @Test
  void aRestartIsNoNewVersion() throws IOException {
    rules.write(RuleFolder.rule("sim/lorem", "good"));
    for (int i = 0; i < 3; i++) {
      try (Gateway gateway = start()) {
        assertThat(rule(gateway).path("version").asInt()).isEqualTo(1);
        assertThat(versions(gateway)).hasSize(1);
      }
    }
  }

  @Test
  void aTextThatWasRolledBackIsNotUsedAfterARestart() throws IOException {
    rules.write(RuleFolder.rule("sim/lorem", "good"));
    try (Gateway gateway = start()) {
      rules.write(RuleFolder.rule("sim/lorem", "bad"));
      await().until(() -> reason(gateway).equals("bad"));
      assertThat(post(gateway, "/api/v1/rules/provider-choice/rollback").statusCode())
          .isEqualTo(200);
    }
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("good");
      assertThat(rule(gateway).path("last_error").path("message").asText()).contains("rolled back");
    }
  }

  @Test
  void rulesThatFailAreTakenBackAndNoRequestFails() throws IOException {
    rules.write(RuleFolder.rule("sim/lorem", "good"));
    try (Gateway gateway = start()) {
      rules.write(FAILS_WITHOUT_TEAM);
      await().until(() -> reason(gateway).equals("all"));
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> answer = failing(gateway, 77);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Route-Reason"))
            .hasValueSatisfying(
                reason -> assertThat(reason).isIn("fallback:nearest-first", "good"));
      }
      await().until(() -> reason(gateway).equals("good"));
      assertThat(rule(gateway).path("last_error").path("message").asText())
          .contains("failed for 20 of", "rolled back");
      assertThat(rule(gateway).path("source").asText()).isEqualTo("rollback");
      assertThat(versions(gateway).path(1).path("outcome").asText()).isEqualTo("rolled_back");
      assertThat(gateway.get("/metrics").body())
          .contains("iir_rules_fallbacks_total{cause=\"bad_value\"} 20.0")
          .contains("iir_rules_rollbacks_total{rule=\"provider-choice\"} 1.0");
    }
  }

  @Test
  void theFirstRulesThatFailAreReplacedByTheShippedOnes() throws IOException {
    rules.write(FAILS_WITHOUT_TEAM);
    try (Gateway gateway = start()) {
      for (int i = 0; i < 20; i++) {
        assertThat(failing(gateway, 77).statusCode()).isEqualTo(200);
      }
      await().until(() -> reason(gateway).equals("nearest-first"));
    }
  }

  private static final String HANDS_ON =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - to: direct:team-rules
      """;

  private static String team(String targets, String reason) {
    return RuleFolder.rule(targets, reason).replace("provider-choice", "team-rules");
  }

  @Test
  void aBrokenRuleBesideItLeavesTheOthersWhatTheyAre() throws IOException {
    rules.write(HANDS_ON).write("team-rules", team("sim/lorem", "team-good"));
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("team-good");
    }
    rules.write("team-rules", team("sim/lorem", "broken").replace("choice:", "choices:"));
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("team-good");
      assertThat(rule(gateway).path("last_error").isNull()).isTrue();
    }
    rules.write("team-rules", "- route:\n    id: team-rules\n   broken: [");
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("team-good");
      rules.write("team-rules", team("sim/lorem", "team-mended"));
      await().until(() -> reason(gateway).equals("team-mended"));
    }
  }

  @Test
  void theRuleThatFailsIsTakenBackAndNoOther() throws IOException {
    rules.write(HANDS_ON).write("team-rules", team("sim/lorem", "team-good"));
    try (Gateway gateway = start()) {
      assertThat(reason(gateway)).isEqualTo("team-good");
      rules.write("team-rules", FAILS_WITHOUT_TEAM.replace("provider-choice", "team-rules"));
      await().until(() -> reason(gateway).equals("all"));
      rules.write(HANDS_ON.replace("steps:", "steps: # harmless"));
      await().until(() -> versions(gateway).size() == 2);
      fail20(gateway, 77);
      await().until(() -> reason(gateway).equals("team-good"));
      assertThat(rule(gateway).path("last_error").isNull()).isTrue();
      assertThat(rule(gateway).path("source").asText()).isEqualTo("file");
    }
  }

  @Test
  void twoTextsInARowAreTakenBackAndStaySo() throws IOException {
    rules.write(RuleFolder.rule("sim/lorem", "good"));
    try (Gateway gateway = start()) {
      String bad = "";
      for (int tokens = 78; tokens < 80; tokens++) { // what failed once would be refused at once
        String marker = "all-" + tokens;
        bad = FAILS_WITHOUT_TEAM.replace("id: all", "id: " + marker).replace("77", "" + tokens);
        rules.write(bad);
        await().until(() -> reason(gateway).equals(marker));
        fail20(gateway, tokens);
        await().until(() -> reason(gateway).equals("good"));
      }
      Files.delete(rules.file());
      await().until(() -> rule(gateway).path("last_error").toString().contains("gone"));
      rules.write(bad);
      await().until(() -> rule(gateway).path("last_error").toString().contains("rolled back"));
      assertThat(reason(gateway)).isEqualTo("good");
    }
  }

  private static void fail20(Gateway gateway, int tokens) {
    for (int i = 0; i < 20; i++) {
      assertThat(failing(gateway, tokens).statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> failing(Gateway gateway, int tokens) {
    return gateway.chat(
        """
        {"model": "auto", "max_tokens": %d, "messages": [{"role": "user", "content": "%s"}]}\
        """
            .formatted(tokens, System.nanoTime()));
  }

  private Gateway start() {
    return Gateway.startIn(data, rules.settings());
  }

  private static String reason(Gateway gateway) {
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model": "auto", "messages": [{"role": "user", "content": "%s"}]}\
            """
                .formatted(System.nanoTime()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("X-Route-Reason").orElseThrow();
  }

  private static JsonNode rule(Gateway gateway) {
    return Gateway.json(gateway.get("/api/v1/rules").body()).path("data").path(0);
  }

  private static JsonNode versions(Gateway gateway) {
    return Gateway.json(gateway.get("/api/v1/rules/provider-choice/versions").body()).path("data");
  }

  private static String health(Gateway gateway) {
    return Gateway.json(gateway.get("/health").body()).path("status").asText();
  }

  private static HttpResponse<String> post(Gateway gateway, String path) {
    return gateway.send(gateway.request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
  }
}
