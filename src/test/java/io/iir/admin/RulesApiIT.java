package io.iir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The administration of rules: what it refuses, and that it gives no secret away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesApiIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RULES = "/api/v1/rules";
  private static final String VALIDATE = RULES + "/validate";
  private static final String BACKTEST = RULES + "/backtest";
  private static final String EXPLAIN = "/api/v1/explain";
  private static final String IN_JSON = "application/json";
  private static final String IN_YAML = "application/yaml";
  private static final String CHAT =
      "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @TempDir static Path temp;

  private Gateway gateway;

  /**
   * A call that is refused.
   *
   * @param name what is wrong with it
   * @param call method and path
   * @param type its Content-Type
   * @param body its body, Latin-1
   * @param status how it is refused
   * @param code with which code
   * @param says what the message contains
   */
  private record Bad(
      String name, String call, String type, String body, int status, String code, String says) {}

  @BeforeAll
  void start() {
    RuleFolder rules = new RuleFolder(temp).write(RuleFolder.rule("sim/echo", "here"));
    gateway = Gateway.start(rules.settings());
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
  }

  private static List<Bad> all() {
    List<Bad> all = new ArrayList<>();
    for (String path : List.of(VALIDATE, BACKTEST, EXPLAIN)) {
      all.add(json(path, "an empty body", "", "invalid_json", "empty"));
      all.add(json(path, "half a body", "{\"text\":", "invalid_json", "not valid JSON"));
      all.add(json(path, "YAML as JSON", "- route:\n    id: a\n", "invalid_json", "JSON"));
      all.add(json(path, "two bodies", "{} {}", "invalid_json", "not valid JSON"));
      all.add(json(path, "a field twice", "{\"a\":1,\"a\":2}", "invalid_json", "not valid JSON"));
      all.add(json(path, "not UTF-8", "{\"text\":\"\u00c3(\"}", "invalid_json", "not valid JSON"));
      all.add(json(path, "a list", "[]", "invalid_request", "must be a JSON object"));
      all.add(
          new Bad(
              "plain text",
              "POST " + path,
              "text/plain",
              "x",
              415,
              "unsupported_media_type",
              IN_JSON));
    }
    for (String path : List.of(VALIDATE, BACKTEST)) {
      all.add(json(path, "no text", "{}", "invalid_request", "'text' must be"));
      all.add(json(path, "a number", "{\"text\":7}", "invalid_request", "'text' must be"));
      all.add(json(path, "a blank text", "{\"text\":\" \"}", "invalid_request", "'text' must be"));
      all.add(
          json(path, "another field", "{\"text\":\"a\",\"txt\":1}", "invalid_request", "'txt'"));
      all.add(
          json(
              path, "a path as id", "{\"text\":\"a\",\"id\":\"../a\"}", "invalid_request", "'id'"));
      all.add(json(path, "a number as id", "{\"text\":\"a\",\"id\":1}", "invalid_request", "'id'"));
      all.add(bad(path, IN_YAML, "empty YAML", "", "invalid_request", "empty"));
      all.add(bad(path, IN_YAML, "blank YAML", " \n", "invalid_request", "empty"));
      all.add(bad(path, IN_YAML, "YAML not UTF-8", "# \u00c3(", "invalid_request", "UTF-8"));
    }
    for (String last : List.of("-1", "0", "1.5", "\"7\"", "[]", "99999999999")) {
      all.add(
          json(
              BACKTEST,
              "last " + last,
              "{\"text\":\"a\",\"last\":" + last + "}",
              "invalid_request",
              "'last' must be a whole number from 1"));
    }
    all.add(bad(BACKTEST, IN_YAML, "no rule", "- route:", "invalid_rule", "provider-choice"));
    all.add(
        bad(
            BACKTEST,
            IN_YAML,
            "a rule of 65 KB",
            "#".repeat(65 << 10),
            "invalid_rule",
            "at most 65536 are allowed"));
    all.add(json(EXPLAIN, "no chat", "{}", "invalid_request", "'model' is missing"));
    all.add(explain("no object as request", "\"request\":7", "invalid_json", "object"));
    all.add(
        explain("no messages", "\"request\":{\"model\":\"auto\"}", "invalid_request", "messages"));
    all.add(explain("another field", chat("\"hedaers\":{}"), "invalid_request", "'hedaers'"));
    all.add(explain("headers a list", chat("\"headers\":[]"), "invalid_request", "not an array"));
    all.add(
        explain(
            "a header that is a number",
            chat("\"headers\":{\"x-tenant\":1}"),
            "invalid_request",
            "'headers.x-tenant' must be a string"));
    all.add(
        explain(
            "a header of two lines",
            chat("\"headers\":{\"x-tenant\":\"a\\r\\nb: c\"}"),
            "invalid_request",
            "control characters"));
    all.add(
        explain(
            "a header twice",
            chat("\"headers\":{\"X-Tenant\":\"a\",\"x-tenant\":\"b\"}"),
            "invalid_request",
            "twice"));
    for (String name : List.of("", "a b", "a:b", "\u00e4", "${env:HOME}")) {
      all.add(
          explain(
              "the header '" + name + "'",
              chat("\"headers\":{\"" + name + "\":\"a\"}"),
              name.equals("\u00e4") ? "invalid_json" : "invalid_request",
              name.equals("\u00e4") ? "JSON" : "no header's name"));
    }
    for (String name : List.of("Authorization", "cookie", "Proxy-Authorization")) {
      all.add(
          explain(
              "the header " + name,
              chat("\"headers\":{\"" + name + "\":\"Bearer a\"}"),
              "invalid_request",
              "cannot be given"));
    }
    all.add(explain("a number as key", chat("\"key\":1"), "invalid_request", "'key' must be"));
    all.add(explain("a number as rule", chat("\"rule\":1"), "invalid_request", "'rule' must be"));
    all.add(
        explain(
            "a rule with another field",
            chat("\"rule\":{\"text\":\"a\",\"name\":\"b\"}"),
            "invalid_request",
            "'rule.name'"));
    all.add(explain("a rule that is none", chat("\"rule\":\"- route:\""), "invalid_rule", "route"));
    all.add(notFound("POST " + EXPLAIN, "{" + chat("\"key\":\"key_none\"") + "}", "'key_none'"));
    all.add(notFound("GET " + RULES + "/none/versions", "", "'none'; there are provider-choice"));
    all.add(notFound("GET " + RULES + "/..%2Fetc/versions", "", "../etc"));
    all.add(notFound("POST " + RULES + "/none/rollback", "", "'none'"));
    for (String query :
        List.of("last=", "last=0", "last=-1", "last=all", "last=100001", "from=1")) {
      all.add(
          new Bad(
              query,
              "GET " + RULES + "/decisions?" + query,
              IN_JSON,
              "",
              400,
              "invalid_request",
              "from 1 to 100000"));
    }
    return all;
  }

  private static String chat(String more) {
    return "\"request\":" + CHAT + "," + more;
  }

  private static Bad explain(String name, String fields, String code, String says) {
    return json(EXPLAIN, name, "{" + fields + "}", code, says);
  }

  private static Bad json(String path, String name, String body, String code, String says) {
    return bad(path, IN_JSON, name, body, code, says);
  }

  private static Bad bad(
      String path, String type, String name, String body, String code, String says) {
    return new Bad(name, "POST " + path, type, body, 400, code, says);
  }

  private static Bad notFound(String call, String body, String says) {
    return new Bad("nobody's", call, IN_JSON, body, 404, "not_found", says);
  }

  @TestFactory
  Stream<DynamicTest> refuses() {
    return all().stream()
        .map(bad ->
            DynamicTest.dynamicTest(
                bad.call() + ": " + bad.name(),
                () -> {
                  HttpResponse<String> answer = send(bad.call(), bad.type(), bad.body());
                  assertThat(answer.statusCode()).as(answer.body()).isEqualTo(bad.status());
                  JsonNode error = Gateway.json(answer.body()).path("error");
                  assertThat(error.path("code").asText()).isEqualTo(bad.code());
                  assertThat(error.path("message").asText()).contains(bad.says());
                }));
  }

  @Test
  void aTextIsTakenAsTheRuleThatItNames() {
    assertThat(ruleOf("- route:\n    id: \"team-rules\" # mine\n")).isEqualTo("team-rules");
    assertThat(ruleOf("- route: {id: team-rules, group: rules}")).isEqualTo("team-rules");
    assertThat(ruleOf("- route:\n    from:\n      uri: direct:a\n")).isEqualTo("provider-choice");
    assertThat(ruleOf("- route:\n    id: two words\n")).isEqualTo("provider-choice");
  }

  private String ruleOf(String text) {
    HttpResponse<String> answer = send("POST " + VALIDATE, "Application/YAML; charset=utf-8", text);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Gateway.json(answer.body()).path("rule").asText();
  }

  @Test
  void aTextThatIsTooLongIsNotValid() {
    JsonNode answer = Gateway.json(send("POST " + VALIDATE, IN_YAML, "#".repeat(65 << 10)).body());
    assertThat(answer.path("valid").asBoolean()).isFalse();
    assertThat(answer.path("errors").path(0).path("hint").asText()).contains("65536");
  }

  @Test
  void aBacktestIsOfAllOrOfTheLast() {
    for (int i = 0; i < 3; i++) {
      gateway.chat(CHAT.replace("Hello", "Hello " + i));
    }
    String text = JSON.createObjectNode().put("text", RuleFolder.rule("sim/lorem", "a")).toString();
    JsonNode all = Gateway.json(send("POST " + BACKTEST, IN_JSON, text).body());
    assertThat(all.path("decisions").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(all.path("changed").asInt()).isGreaterThanOrEqualTo(3);
    JsonNode two =
        Gateway.json(
            send("POST " + BACKTEST, IN_JSON, text.replace("{\"text", "{\"last\":2,\"text"))
                .body());
    assertThat(two.path("decisions").asInt()).isEqualTo(2);
    assertThat(gateway.get(RULES + "/decisions?last=2").body().lines())
        .as("the models, and two decisions")
        .hasSize(3);
  }

  @Test
  void anExplanationShowsNoSecret() {
    NewKey key = gateway.newKey("{\"name\":\"some\",\"team\":\"red\"}");
    HttpResponse<String> own =
        gateway.send(
            gateway
                .request(EXPLAIN, "Content-Type", IN_JSON, "Cookie", "session=s3cret")
                .POST(HttpRequest.BodyPublishers.ofString(CHAT))
                .build());
    HttpResponse<String> other =
        send(
            "POST " + EXPLAIN,
            IN_JSON,
            "{" + chat("\"key\":\"" + key.id() + "\",\"headers\":{\"X-Other\":\"s3cret\"}") + "}");
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(Gateway.json(other.body()).path("variables").path("team").asText()).isEqualTo("red");
    assertThat(own.body() + other.body())
        .doesNotContain(Gateway.ADMIN_KEY, key.secret(), "s3cret", "Bearer");
  }

  /** What Camel or SQL would obey is no header here. */
  @Test
  void aHeaderOfCamelsDoesNothing() {
    HttpResponse<String> answer =
        send(
            "POST " + EXPLAIN,
            IN_JSON,
            "{"
                + chat(
                    "\"key\":\"key_none\",\"headers\":{\"CamelSqlQuery\":\"select * from"
                        + " api_keys\",\"CamelHttpResponseCode\":\"201\"}")
                + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
  }

  @Test
  void anExpiredKeyIsNotExplained() {
    NewKey key =
        gateway.newKey(
            "{\"name\":\"short\",\"expires_at\":\"%s\"}".formatted(Instant.now().plusMillis(300)));
    await()
        .untilAsserted(() -> {
          HttpResponse<String> answer =
              send("POST " + EXPLAIN, IN_JSON, "{" + chat("\"key\":\"" + key.id() + "\"") + "}");
          assertThat(answer.statusCode()).isEqualTo(400);
          assertThat(answer.body()).contains("has expired");
        });
  }

  private HttpResponse<String> send(String call, String type, String body) {
    String[] parts = call.split(" ", 2);
    return gateway.send(
        gateway
            .request(parts[1], "Content-Type", type)
            .method(
                parts[0], HttpRequest.BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
            .build());
  }
}
