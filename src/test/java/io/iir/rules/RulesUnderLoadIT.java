package io.iir.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules change, half of the times for the worse, while requests come all the time. */
class RulesUnderLoadIT {

  private static final int CLIENTS = 4;
  private static final int ROUNDS = 2;

  /**
   * A way to break a file.
   *
   * @param find what is changed
   * @param into into what
   * @param line where the gateway must say that it is wrong
   * @param words what it must say
   */
  private record Break(String find, String into, int line, String words) {}

  private static final List<Break> BREAKS =
      List.of(
          new Break(
              "- setVariable: {name: reason", "- setVarable: {name: reason", 13, "setVarable"),
          new Break("'auto'\"", "'auto'", 11, "YAML"),
          new Break("${variable.strategy}", "${variable.strategi}", 11, "strategi"),
          new Break("== 'auto'", "== 'auto' &&", 11, "&&"),
          new Break("direct:provider-choice", "direct:nowhere", 5, "direct:provider-choice"),
          new Break("name: targets", "name: target", 14, "target"),
          new Break("id: provider-choice", "id: provider-choise", 2, "provider-choise"),
          new Break("constant: p/m", "constant: q/m", 14, "q/m"),
          new Break("        - choice:", "        - exec: ls\n        - choice:", 7, "exec"),
          new Break("            otherwise:", "            otherwize:", 15, "otherwize"));

  @TempDir Path folder;

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopped = new AtomicBoolean();

  @Test
  void noRequestFailsAndEachIsDecidedByOneVersion() throws Exception {
    RuleFolder rules = new RuleFolder(folder);
    rules.write(text(0));
    try (FakeProvider provider = new FakeProvider(call -> call.completion("fine", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("p", provider.baseUrl()),
                    rules.settings(),
                    new String[] {"iir.limits.default.rpm=10000000", "iir.cache.enabled=false"}))) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().start(() -> ask(gateway)));
      }
      int version = 0;
      for (int round = 0; round < ROUNDS; round++) {
        for (Break each : BREAKS) {
          String good = text(++version);
          rules.write(good);
          awaitOutcome(gateway, good, "accepted");
          String broken = text(++version).replace(each.find(), each.into());
          rules.write(broken);
          JsonNode refused = awaitOutcome(gateway, broken, "refused");
          JsonNode error = refused.path("errors").path(0);
          assertThat(error.path("line").asInt()).as("%s: %s", each, error).isEqualTo(each.line());
          assertThat(error.toString()).as("%s", each).contains(each.words());
        }
      }
      stopped.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(wrong).isEmpty();
    }
  }

  /** Two steps of the same version, which must never be mixed with another's. */
  private static String text(int version) {
    return """
    - route:
        id: provider-choice
        group: rules
        from:
          uri: direct:provider-choice
          steps:
            - choice:
                when:
                  - id: auto
                    # the client leaves the choice to us
                    simple: "${variable.strategy} == 'auto'"
                    steps:
                      - setVariable: {name: reason, constant: v%1$d}
                      - setVariable: {name: targets, constant: p/m%1$d}
                otherwise:
                  steps:
                    - setVariable: {name: targets, constant: p/other}
    """
        .formatted(version);
  }

  private void ask(Gateway gateway) {
    while (!stopped.get()) {
      HttpResponse<String> answer =
          gateway.chat(
              """
              {"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}\
              """);
      String model = answer.headers().firstValue("X-Route-Model").orElse("");
      String reason = answer.headers().firstValue("X-Route-Reason").orElse("");
      if (answer.statusCode() != 200 || !model.replace('m', 'v').equals(reason)) {
        wrong.add(answer.statusCode() + " " + model + " " + reason + " " + answer.body());
      }
    }
  }

  private static JsonNode awaitOutcome(Gateway gateway, String text, String outcome)
      throws Exception {
    String hash =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    await().until(() -> newest(gateway).path("hash").asText().equals(hash));
    JsonNode newest = newest(gateway);
    assertThat(newest.path("outcome").asText()).as("%s", newest).isEqualTo(outcome);
    return newest;
  }

  private static JsonNode newest(Gateway gateway) {
    return Gateway.json(gateway.get("/api/v1/rules/provider-choice/versions").body())
        .path("data")
        .path(0);
  }
}
