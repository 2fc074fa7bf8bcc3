package io.iir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.rules.DecisionLog;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RuleFolder;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is explained is what the gateway then does, and explaining does nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXPLAIN = "/api/v1/explain";

  private static final String RULES =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: named
                      simple: "${variable.strategy} == 'pass-through'"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.provider}/${variable.model}"}
                    - id: fails
                      simple: "${variable.key} == 'no-team' && ${variable.maxTokens} == 77"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.team}, p/dear"}
                    - id: urgent
                      simple: "${header.x-priority} == 'high'"
                      steps:
                        - setVariable: {name: targets, constant: "best(p/*)"}
                        - setVariable: {name: timeout, constant: 20s}
                    - id: pictures
                      simple: "${variable.hasImages} == true"
                      steps:
                        - setVariable: {name: targets, constant: "cheapest(images, p/*)"}
                    - id: tools
                      simple: "${variable.hasTools} == true"
                      steps:
                        - setVariable: {name: targets, constant: "cheapest(tools, p/*)"}
                    - id: structured
                      simple: "${variable.jsonMode} == true"
                      steps:
                        - setVariable: {name: targets, constant: "cheapest(json, p/*)"}
                    - id: price
                      simple: "${variable.strategy} == 'cost-optimized'"
                      steps:
                        - setVariable: {name: targets, constant: "cheapest(p/*)"}
                    - id: quality
                      simple: "${variable.strategy} == 'quality-first'"
                      steps:
                        - setVariable: {name: targets, constant: "best(p/*)"}
                    - id: speed
                      simple: "${variable.strategy} == 'fastest'"
                      steps:
                        - setVariable: {name: targets, constant: "p/mean, p/cheap"}
                    - id: near
                      simple: "${variable.strategy} == 'local-only'"
                      steps:
                        - setVariable: {name: targets, constant: local}
                    - id: code
                      simple: "${variable.category} == 'coding'"
                      steps:
                        - setVariable: {name: targets, constant: "p/dear, p/mean"}
                    - id: half
                      simple: "${variable.dice} < 50"
                      steps:
                        - setVariable: {name: targets, constant: p/mean}
                  otherwise:
                    id: rest
                    steps:
                      - setVariable: {name: targets, constant: "weighted(p/cheap: 50, p/dear: 50)"}
      """;

  /**
   * A chat request.
   *
   * @param name what is special about it
   * @param model what it asks for
   * @param more further fields
   * @param says what the user says
   * @param headers name, value, …
   * @param key what sends it; null: the administrator
   * @param status how it is answered
   */
  record Ask(
      String name,
      String model,
      String more,
      String says,
      List<String> headers,
      @Nullable String key,
      int status) {

    static Ask of(String name, String model) {
      return new Ask(name, model, "", "Hello, " + name, List.of(), null, 200);
    }

    Ask more(String fields) {
      return new Ask(name, model, fields, says, headers, key, status);
    }

    Ask says(String words) {
      return new Ask(name, model, more, words, headers, key, status);
    }

    Ask with(String... given) {
      return new Ask(name, model, more, says, List.of(given), key, status);
    }

    Ask by(String sender) {
      return new Ask(name, model, more, says, headers, sender, status);
    }

    Ask answered(int by) {
      return new Ask(name, model, more, says, headers, key, by);
    }

    String body() {
      String content = says.startsWith("[") ? says : "\"" + says + "\"";
      return "{%s\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
          .formatted(more.isEmpty() ? "" : more + ",", model, content);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir static Path temp;

  private final Map<String, NewKey> keys = new HashMap<>();
  private RuleFolder rules;
  private FakeProvider provider;
  private Gateway gateway;

  @BeforeAll
  void start() {
    provider = new FakeProvider(ExplainIT::answer);
    rules = new RuleFolder(temp).write(RULES);
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("p", provider.baseUrl()),
                rules.settings(),
                model(0, "cheap", 1, 0.3, "chat,json"),
                model(1, "mean", 5, 0.6, "chat,tools,json"),
                model(2, "dear", 20, 0.9, "chat,tools,images,json"),
                new String[] {"iir.aliases.friend=p/mean"}));
    keys.put("limited", gateway.newKey("{\"name\":\"limited\",\"models\":[\"p/cheap\"]}"));
    keys.put("teamed", gateway.newKey("{\"name\":\"teamed\",\"team\":\"red\"}"));
    keys.put("no-team", gateway.newKey("{\"name\":\"no-team\"}"));
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token("Hi");
      call.endStream(5, 1);
    } else {
      call.completion("Hi", 5, 1);
    }
  }

  private static String[] model(
      int place, String name, int price, double quality, String capabilities) {
    String entry = "iir.models[" + place + "].";
    return new String[] {
      entry + "id=p/" + name,
      entry + "price.input=" + price,
      entry + "price.output=" + price,
      entry + "quality=" + quality,
      entry + "capabilities=" + capabilities,
      entry + "context=8000"
    };
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  static List<Ask> asks() {
    String picture =
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/a.png\"}}]";
    String tool =
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]";
    String code = "Write a Python function that parses a CSV file and fix the bug in it";
    return List.of(
        Ask.of("a named model", "p/mean"),
        Ask.of("an alias", "friend"),
        Ask.of("a named model that is not listed", "p/any-name"),
        Ask.of("no model of that provider", "nowhere/x").answered(404),
        Ask.of("no name of a model", "noslash").answered(400),
        Ask.of("auto", "auto").more("\"user\":\"ann\""),
        Ask.of("auto by another user", "auto").more("\"user\":\"bob\""),
        Ask.of("auto by a third user", "auto").more("\"user\":\"eve\""),
        Ask.of("auto/cost", "auto/cost"),
        Ask.of("auto/quality", "auto/quality"),
        Ask.of("auto/fast", "auto/fast"),
        Ask.of("auto/local", "auto/local"),
        Ask.of("an unknown strategy", "auto/luck").answered(400),
        Ask.of("a strategy by header", "p/dear").with("X-Routing-Strategy", "cost-optimized"),
        Ask.of("code", "auto").says(code),
        Ask.of("a picture", "auto").says(picture),
        Ask.of("tools", "auto").more(tool),
        Ask.of("JSON", "auto").more("\"response_format\":{\"type\":\"json_object\"}"),
        Ask.of("a stream", "auto/quality").more("\"stream\":true"),
        Ask.of("variety", "auto").more("\"temperature\":0.9"),
        Ask.of("numbers as they are", "auto").more("\"x\":1e2,\"y\":1.10,\"z\":\"\\u00e9\""),
        Ask.of("a header that rules read", "auto").with("x-priority", "high"),
        Ask.of("a header that nobody reads", "auto").with("x-other", "high"),
        Ask.of("no-cache", "auto").with("Cache-Control", "no-cache"),
        Ask.of("only-if-cached", "auto").with("Cache-Control", "only-if-cached").answered(504),
        Ask.of("a directive that is none", "auto")
            .with("Cache-Control", "max-age=soon")
            .answered(400),
        Ask.of("another key", "auto").by("teamed"),
        Ask.of("a limited key", "auto/cost").by("limited"),
        Ask.of("a limited key by name", "p/cheap").by("limited"),
        Ask.of("a limited key that names another", "p/dear").by("limited").answered(403),
        Ask.of("a limited key where rules want others", "auto/fast").by("limited"),
        Ask.of("a limited key that code is not for", "auto").says(code).by("limited").answered(403),
        Ask.of("a fallback that is forbidden", "p/cheap")
            .more("\"models\":[\"dear\"]")
            .by("limited")
            .answered(403),
        Ask.of("a rule that fails", "auto").more("\"max_tokens\":77").by("no-team"));
  }

  @ParameterizedTest
  @MethodSource("asks")
  void isWhatTheGatewayDoes(Ask ask) {
    compare(ask);
    compare(ask); // many are in the cache now
  }

  private void compare(Ask ask) {
    HttpResponse<String> explained = explain(ask, null);
    JsonNode view = Gateway.json(explained.body());
    HttpResponse<String> answer = chat(ask);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(ask.status());
    if (explained.statusCode() != 200) {
      JsonNode refusal = view.path("error");
      assertThat(explained.statusCode()).as(explained.body()).isEqualTo(answer.statusCode());
      assertThat(refusal).isEqualTo(Gateway.json(answer.body()).path("error"));
      return;
    }
    assertThat(header(answer, "X-Classification")).isEqualTo(line(view.path("classification")));
    if (answer.statusCode() != 200) {
      JsonNode refusal = Gateway.json(answer.body()).path("error");
      JsonNode foreseen = view.path("error");
      assertThat(foreseen.path("status").asInt()).isEqualTo(answer.statusCode());
      assertThat(foreseen.path("code")).isEqualTo(refusal.path("code"));
      assertThat(foreseen.path("message")).isEqualTo(refusal.path("message"));
      assertThat(foreseen.path("param")).isEqualTo(refusal.path("param"));
      return;
    }
    assertThat(view.path("error").isNull()).as(explained.body()).isTrue();
    String cache = view.path("cache").asText();
    assertThat(header(answer, "x-iir-cache")).isEqualTo(cache);
    assertThat(header(answer, "X-Route-Reason"))
        .isEqualTo(cache.equals("hit") ? "cache" : view.path("reason").asText());
    assertThat(header(answer, "X-Route-Provider") + "/" + header(answer, "X-Route-Model"))
        .isEqualTo(view.path("chosen").path(0).path("model").asText());
  }

  private static BigDecimal hundredths(JsonNode share) {
    return new BigDecimal(share.asText()).setScale(2, RoundingMode.HALF_UP);
  }

  private static String line(JsonNode told) {
    return "%s;confidence=%s;complexity=%s;stage=%d;version=%s%s"
        .formatted(
            told.path("category").asText(),
            hundredths(told.path("confidence")),
            hundredths(told.path("complexity")),
            told.path("stage").asInt(),
            told.path("version").asText(),
            told.path("default").asBoolean() ? ";default" : "");
  }

  @ParameterizedTest
  @MethodSource("asks")
  void doesNothing(Ask ask) {
    settled();
    Map<String, Double> meters = meters();
    JsonNode hits = rule().path("branches");
    int calls = provider.calls().size();
    int records = gateway.bean(DecisionLog.class).last(Integer.MAX_VALUE).size();
    explain(ask, null);
    explain(ask, RuleFolder.rule("p/cheap", "tried"));
    assertThat(meters()).isEqualTo(meters);
    assertThat(rule().path("branches")).isEqualTo(hits);
    assertThat(provider.calls()).hasSize(calls);
    assertThat(gateway.bean(DecisionLog.class).last(Integer.MAX_VALUE)).hasSize(records);
  }

  @Test
  void aRuleThatFailsIsSaidToFallBack() {
    Ask ask = Ask.of("fallback", "auto").more("\"max_tokens\":77").by("no-team");
    JsonNode view = Gateway.json(explain(ask, null).body());
    assertThat(view.path("reason").asText()).startsWith("fallback:");
    assertThat(view.path("fallback").path("cause").asText()).isEqualTo("bad_value");
    assertThat(view.path("fallback").path("message").asText()).isNotBlank();
  }

  @Test
  void eachConditionIsShownWithItsValue() {
    JsonNode view =
        Gateway.json(explain(Ask.of("x", "auto/cost").with("x-priority", "low"), null).body());
    JsonNode path = view.path("path");
    assertThat(path.findValuesAsText("branch"))
        .containsExactly("named", "fails", "urgent", "pictures", "tools", "structured", "price");
    assertThat(path.path(2).path("asked").path("header.x-priority").asText()).isEqualTo("low");
    assertThat(path.path(2).path("taken").asBoolean()).isFalse();
    assertThat(path.path(6).path("value").asBoolean()).isTrue();
    assertThat(path.path(6).path("asked").path("strategy").asText()).isEqualTo("cost-optimized");
    assertThat(view.path("headers").path("x-priority").asText()).isEqualTo("low");
    assertThat(view.path("rules").path("provider-choice").asInt()).isPositive();
    assertThat(view.path("chosen").path(0).path("usd").isNumber()).isTrue();
    assertThat(view.path("chosen").findValuesAsText("model"))
        .containsExactly("p/cheap", "p/mean", "p/dear");
  }

  @Test
  void aTextThatIsTriedIsWhatItThenDoes() {
    String text =
        RULES
            .replace("constant: \"p/dear, p/mean\"", "constant: p/cheap")
            .replace("id: code", "id: cod");
    Ask ask = Ask.of("candidate", "auto").says("Write a Python function that sorts a list");
    JsonNode view = Gateway.json(explain(ask, text).body());
    assertThat(view.path("rules").path("provider-choice").isNull()).isTrue();
    assertThat(view.path("reason").asText()).isEqualTo("cod");
    assertThat(view.path("chosen").path(0).path("model").asText()).isEqualTo("p/cheap");
    rules.write(text);
    try {
      await().until(() -> rule().path("branches").findValuesAsText("id").contains("cod"));
      HttpResponse<String> answer = chat(ask);
      assertThat(header(answer, "X-Route-Reason")).isEqualTo("cod");
      assertThat(header(answer, "X-Route-Model")).isEqualTo("cheap");
    } finally {
      rules.write(RULES);
      await().until(() -> rule().path("branches").findValuesAsText("id").contains("code"));
    }
  }

  // ---- requests

  private HttpResponse<String> explain(Ask ask, @Nullable String rule) {
    ObjectNode document = JSON.createObjectNode();
    ObjectNode headers = document.putObject("headers");
    for (int i = 0; i < ask.headers().size(); i += 2) {
      headers.put(ask.headers().get(i), ask.headers().get(i + 1));
    }
    NewKey key = ask.key() == null ? null : keys.get(ask.key());
    document.put("key", key == null ? null : key.id());
    document.put("rule", rule);
    String text = document.toString();
    String body = text.substring(0, text.length() - 1) + ", \"request\" : " + ask.body() + " }";
    return gateway.send(
        gateway
            .request(EXPLAIN, "Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpResponse<String> chat(Ask ask) {
    HttpRequest.Builder request =
        gateway.request("/v1/chat/completions", "Content-Type", "application/json");
    for (int i = 0; i < ask.headers().size(); i += 2) {
      request.setHeader(ask.headers().get(i), ask.headers().get(i + 1));
    }
    NewKey key = ask.key() == null ? null : keys.get(ask.key());
    if (key != null) {
      request.setHeader("Authorization", "Bearer " + key.secret());
    }
    HttpResponse<String> answer =
        gateway.send(request.POST(HttpRequest.BodyPublishers.ofString(ask.body())).build());
    settled();
    return answer;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private JsonNode rule() {
    return Gateway.json(gateway.get("/api/v1/rules").body()).path("data").path(0);
  }

  /** A stream's end is counted, and kept, behind its last byte. */
  private void settled() {
    MeterRegistry meters = gateway.bean(MeterRegistry.class);
    await()
        .until(() ->
            meters.get("iir.requests.in.flight").gauge().value() == 0
                && gateway.bean(DecisionLog.class).last(Integer.MAX_VALUE).stream()
                    .allMatch(record -> record.ending() != null));
  }

  /** All meters of the flow but those of the endpoints that the test itself calls. */
  private Map<String, Double> meters() {
    Map<String, Double> all = new TreeMap<>();
    for (Meter meter : gateway.bean(MeterRegistry.class).getMeters()) {
      Meter.Id id = meter.getId();
      String route = String.valueOf(id.getTag("route"));
      boolean ours =
          route.equals("explain")
              || route.startsWith("rules-")
              || "authenticate".equals(id.getTag("step"))
              || id.getName().equals("iir.requests.in.flight")
              || id.getName().equals("iir.server.held")
              || id.getName().equals("iir.eventloop.lag");
      if (!ours && (id.getName().startsWith("iir.") || id.getName().startsWith("gen_ai."))) {
        for (Measurement each : meter.measure()) {
          all.put(id.getName() + id.getTags() + each.getStatistic(), each.getValue());
        }
      }
    }
    return all;
  }
}
