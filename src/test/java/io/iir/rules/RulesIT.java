package io.iir.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules change while the gateway runs: each way of saving a file, and what is wrong with one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesIT {

  @TempDir static Path temp;

  private RuleFolder rules;
  private Gateway gateway;
  private int count;

  @BeforeAll
  void start() throws IOException {
    rules = new RuleFolder(Files.createDirectory(temp.resolve("routes")));
    rules.write(RuleFolder.rule("sim/echo", "first"));
    gateway = Gateway.start(rules.settings());
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
  }

  @BeforeEach
  void begin() throws IOException {
    Files.deleteIfExists(rules.file());
    rules.write(RuleFolder.rule("sim/echo", "begin-" + ++count));
    awaitReason("begin-" + count);
    await().until(() -> health().equals("ok"));
  }

  // ---- each way of saving

  /** How editors and deployments write a file. */
  enum Saving {
    IN_PLACE {
      @Override
      void save(Path file, String text) throws IOException {
        Files.writeString(file, text);
      }
    },
    BY_RENAME {
      @Override
      void save(Path file, String text) throws IOException {
        Path other = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.writeString(other, text);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    BACKUP_THEN_NEW { // vim with backupcopy=no
      @Override
      void save(Path file, String text) throws IOException {
        Path backup = file.resolveSibling(file.getFileName() + "~");
        Files.move(file, backup, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, text);
        Files.delete(backup);
      }
    },
    EMACS_LOCK {
      @Override
      void save(Path file, String text) throws IOException {
        Path lock = file.resolveSibling(".#" + file.getFileName());
        Files.createSymbolicLink(lock, Path.of("user@host.1234"));
        Files.writeString(file, text);
        Files.delete(lock);
      }
    },
    DELETE_THEN_NEW {
      @Override
      void save(Path file, String text) throws IOException {
        Files.delete(file);
        Files.writeString(file, text);
      }
    },
    IN_PIECES {
      @Override
      void save(Path file, String text) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.TRUNCATE_EXISTING)) {
          for (byte one : text.getBytes(UTF_8)) {
            out.write(one);
          }
        }
      }
    };

    abstract void save(Path file, String text) throws IOException;
  }

  @Test
  void branchesOfTextsThatAreGoneHaveNoMeter() {
    for (String reason : new String[] {"gone", "kept-warm", "decides"}) {
      rules.write(RuleFolder.rule("sim/echo", reason));
      awaitReason(reason);
    }
    await().until(() -> !branches().contains("gone"));
    assertThat(branches()).contains("kept-warm", "decides", "named");
  }

  private Set<String> branches() {
    return gateway.bean(MeterRegistry.class).find("iir.rules.branch.hits").counters().stream()
        .map(counter -> String.valueOf(counter.getId().getTag("branch")))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource
  void aSavedFileGoesLive(Saving saving) throws IOException {
    saving.save(rules.file(), RuleFolder.rule("sim/lorem", "saved-" + saving.name()));
    awaitReason("saved-" + saving.name());
    await().until(() -> health().equals("ok"));
  }

  /** As Kubernetes mounts a ConfigMap: file -> ..data/file, ..data -> a folder that is swapped. */
  @Test
  void aConfigMapIsSwapped() throws IOException {
    Path mount = Files.createDirectory(temp.resolve("mount"));
    version(mount, "v1", RuleFolder.rule("sim/echo", "config-map-1"));
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("v1"));
    Files.createSymbolicLink(mount.resolve(RuleFolder.FILE), Path.of("..data", RuleFolder.FILE));
    try (Gateway other = Gateway.start(new RuleFolder(mount).settings())) {
      assertThat(reason(other)).isEqualTo("config-map-1");
      version(mount, "v2", RuleFolder.rule("sim/echo", "config-map-2"));
      Files.createSymbolicLink(mount.resolve("..next"), Path.of("v2"));
      Files.move(mount.resolve("..next"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      await().until(() -> reason(other).equals("config-map-2"));
    }
  }

  private static void version(Path mount, String name, String text) throws IOException {
    new RuleFolder(Files.createDirectory(mount.resolve(name))).write(text);
  }

  @Test
  void halfAFileIsLeftAloneAndTheRestOfItAwaited() throws IOException {
    String text = RuleFolder.rule("sim/lorem", "whole-file");
    int half = text.indexOf("otherwise");
    Files.writeString(rules.file(), text.substring(0, half));
    awaitError();
    assertThat(reason(gateway)).isEqualTo("begin-" + count);
    Files.writeString(rules.file(), text.substring(half), StandardOpenOption.APPEND);
    awaitReason("whole-file");
    await().until(() -> health().equals("ok"));
  }

  @Test
  void aFileThatIsGoneChangesNothingUntilItReturns() throws IOException {
    Files.delete(rules.file());
    JsonNode error = awaitError();
    assertThat(error.path("message").asText()).contains("gone");
    assertThat(health()).isEqualTo("degraded");
    assertThat(reason(gateway)).isEqualTo("begin-" + count);
    rules.write(RuleFolder.rule("sim/echo", "returned"));
    awaitReason("returned");
    await().until(() -> health().equals("ok"));
  }

  // ---- what is wrong

  @Test
  void aBrokenFileIsRefusedOnceAndSaysWhere() {
    double before = rejected();
    rules.write(
        RuleFolder.rule("sim/echo", "broken")
            .replace("- setVariable: {name: t", "- setVarable: {name: t"));
    JsonNode error = awaitError();
    assertThat(error.path("file").asText()).isEqualTo(RuleFolder.FILE);
    assertThat(error.path("line").asInt()).isEqualTo(12);
    assertThat(error.path("message").asText()).contains("setVarable");
    assertThat(error.path("hint").asText()).contains("setVariable");
    assertThat(health()).isEqualTo("degraded");
    assertThat(reason(gateway)).isEqualTo("begin-" + count);
    assertThat(rejected()).isEqualTo(before + 1);
    JsonNode newest = versions().path(0);
    assertThat(newest.path("outcome").asText()).isEqualTo("refused");
    assertThat(newest.path("errors").path(0)).isEqualTo(error);
  }

  @Test
  void anUnknownModelIsRefused() {
    rules.write(RuleFolder.rule("sim/ecco", "unknown-model"));
    JsonNode error = awaitError();
    assertThat(error.path("message").asText()).contains("sim/ecco");
    assertThat(error.toString()).contains("sim/echo");
  }

  @Test
  void whatWasBrokenAndIsTakenBackIsFine() {
    String good = RuleFolder.rule("sim/echo", "begin-" + count);
    rules.write(good + "\n  - oops");
    awaitError();
    rules.write(good);
    await().until(() -> health().equals("ok"));
    assertThat(rule().path("last_error").isNull()).isTrue();
  }

  // ---- several rules

  @Test
  void aRuleHandsOnToAnotherAndBothAreSwappedTogether() {
    rules.write(
        "team-rules",
        """
        - route:
            id: team-rules
            group: rules
            from:
              uri: direct:team-rules
              steps:
                - setVariable: {name: targets, constant: sim/lorem}
                - setVariable: {name: reason, constant: team-rule}
        """);
    rules.write(
        """
        - route:
            id: provider-choice
            group: rules
            from:
              uri: direct:provider-choice
              steps:
                - to: direct:team-rules
        """);
    awaitReason("team-rule");
    assertThat(Gateway.json(gateway.get("/api/v1/rules").body()).path("data"))
        .extracting(rule -> rule.path("id").asText())
        .containsExactly("provider-choice", "team-rules");
  }

  // ---- administration

  @Test
  void aRollBackGoesToTheTextBefore() {
    rules.write(RuleFolder.rule("sim/lorem", "to-be-rolled-back"));
    awaitReason("to-be-rolled-back");
    HttpResponse<String> answer = post("/api/v1/rules/provider-choice/rollback", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Gateway.json(answer.body()).path("source").asText()).isEqualTo("rollback");
    assertThat(reason(gateway)).isEqualTo("begin-" + count);
    assertThat(health()).isEqualTo("degraded");
    JsonNode versions = versions();
    assertThat(versions.path(0).path("source").asText()).isEqualTo("rollback");
    assertThat(versions.path(0).path("author").asText()).isEqualTo("key_admin");
    assertThat(versions.path(1).path("outcome").asText()).isEqualTo("rolled_back");
    assertThat(post("/api/v1/rules/reload", "").statusCode()).isEqualTo(200);
    assertThat(reason(gateway)).isEqualTo("to-be-rolled-back");
    assertThat(health()).isEqualTo("ok");
  }

  @Test
  void aTextIsCheckedWithoutBeingUsed() throws IOException {
    HttpResponse<String> good =
        post("/api/v1/rules/validate", RuleFolder.rule("sim/lorem", "not-used"));
    assertThat(Gateway.json(good.body()).path("valid").asBoolean()).as(good.body()).isTrue();
    HttpResponse<String> bad =
        post("/api/v1/rules/validate", "- route:\n    id: provider-choice\n");
    JsonNode answer = Gateway.json(bad.body());
    assertThat(answer.path("valid").asBoolean()).isFalse();
    assertThat(answer.path("errors").path(0).path("line").asInt()).isEqualTo(2);
    assertThat(reason(gateway)).isEqualTo("begin-" + count);
  }

  @Test
  void branchesCountTheirHits() {
    for (int i = 0; i < 5; i++) {
      reason(gateway);
    }
    JsonNode last = rule().path("branches").path(1);
    assertThat(last.path("id").asText()).isEqualTo("begin-" + count);
    assertThat(last.path("hits").asInt()).isGreaterThanOrEqualTo(5);
  }

  // ---- helpers

  private static String body(String text) {
    return """
    {"model": "auto", "messages": [{"role": "user", "content": "%s"}]}\
    """
        .formatted(text);
  }

  private static String reason(Gateway of) {
    HttpResponse<String> answer = of.chat(body("Hi " + System.nanoTime()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("X-Route-Reason").orElseThrow();
  }

  private void awaitReason(String wanted) {
    await().until(() -> reason(gateway).equals(wanted));
  }

  private JsonNode awaitError() {
    await().until(() -> !rule().path("last_error").isNull());
    return rule().path("last_error");
  }

  private JsonNode rule() {
    return Gateway.json(gateway.get("/api/v1/rules").body()).path("data").path(0);
  }

  private JsonNode versions() {
    return Gateway.json(gateway.get("/api/v1/rules/provider-choice/versions").body()).path("data");
  }

  private String health() {
    return Gateway.json(gateway.get("/health").body()).path("status").asText();
  }

  private double rejected() {
    return gateway
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("iir_rules_rejected_total{rule=\"provider-choice\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  private HttpResponse<String> post(String path, String yaml) {
    return gateway.send(
        gateway
            .request(path)
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml))
            .build());
  }
}
