package io.iir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Collector;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import io.iir.testing.Rules;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What gateways of their own processes write into their logs: at level DEBUG as JSON, and as text.
 */
class LogIT {

  private static final String PROMPT = "swordfish-prompt";
  private static final String ANSWER = "swordfish-answer";
  private static final String WRONG_KEY = "sk-swordfish-wrong-0123456789";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path dataDir;
  @TempDir static Path routes;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Collector collector;
  private static FakeProvider first;
  private static FakeProvider second;
  private static GatewayProcess gateway;

  @BeforeAll
  static void start() throws Exception {
    collector = new Collector();
    first = new FakeProvider(call -> call.completion(ANSWER, 7, 3));
    second = new FakeProvider(call -> call.completion(ANSWER, 7, 3));
    gateway =
        GatewayProcess.start(
            dataDir,
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                collector.settings(),
                new String[] {
                  "iir.log.format=json",
                  "iir.log.requests=true",
                  "iir.backend.resume=true",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=1000",
                  "logging.level.root=DEBUG"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
    collector.close();
  }

  @Test
  void aRequestHasALineWithWhatItWasAndNothingThatItSaid() throws Exception {
    first.behave(call -> call.completion(ANSWER, 7, 3));

    assertThat(chat("good", body(false), Gateway.ADMIN_KEY).statusCode()).isEqualTo(200);

    JsonNode line = requestLine("good");
    assertThat(line.at("/log/logger").asText()).isEqualTo("iir.requests");
    assertThat(line.at("/service/name").asText()).isEqualTo("iir");
    assertThat(line.at("/iir/route").asText()).isEqualTo("chat-completions");
    assertThat(line.at("/iir/outcome").asText()).isEqualTo("success");
    assertThat(line.at("/iir/key/id").asText()).isNotEmpty();
    assertThat(line.at("/http/response/status_code").asInt()).isEqualTo(200);
    assertThat(line.at("/gen_ai/provider/name").asText()).isEqualTo("first");
    assertThat(line.at("/gen_ai/response/model").asText()).isEqualTo("m");
    assertThat(line.at("/gen_ai/usage/input_tokens").asInt()).isEqualTo(7);
    assertThat(line.at("/gen_ai/usage/output_tokens").asInt()).isEqualTo(3);
    assertThat(line.at("/event/duration").asLong()).isPositive();
    String trace = line.at("/trace/id").asText();
    await().atMost(PATIENCE).until(() -> !collector.trace(trace).isEmpty());
    assertThat(collector.trace(trace))
        .anyMatch(span -> span.spanId().equals(line.at("/span/id").asText()));
  }

  @Test
  void whatIsLoggedOfARequestNamesIt() throws Exception {
    String echo = "{\"error\":{\"message\":\"bad key for " + PROMPT + "\"}}";
    first.behave(call -> call.json(403, echo));
    second.behave(call -> call.completion(ANSWER, 7, 3));

    chat("named", body(false), Gateway.ADMIN_KEY);

    requestLine("named");
    JsonNode warning =
        lines().stream()
            .filter(line -> line.at("/http/request/id").asText().equals("named"))
            .filter(line -> line.at("/log/level").asText().equals("WARN"))
            .findFirst()
            .orElseThrow();
    assertThat(warning.path("message").asText()).startsWith("first/m answered 403");
    assertThat(warning.at("/trace/id").asText())
        .isEqualTo(requestLine("named").at("/trace/id").asText());
  }

  @Test
  void noFailureTellsTheLogWhatWasSaidNorAKey() throws Exception {
    String echo =
        "{\"error\":{\"message\":\"no: %s %s\",\"type\":\"x\",\"code\":\"y\"}}"
            .formatted(PROMPT, "sk-upstream-first");
    chat("bad-json", "{\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT, WRONG_KEY);
    chat("bad-json", "{\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT, key());
    chat("bad-field", "{\"model\":\"auto\",\"messages\":\"" + PROMPT + "\"}", key());
    for (int status : new int[] {400, 401, 402, 403, 404, 429, 500, 503}) {
      first.behave(call -> call.json(status, echo));
      second.behave(call -> call.json(status, echo));
      chat("refused-" + status, body(false), key());
      chat("refused-stream-" + status, body(true), key());
    }
    first.behave(
        call -> call.write((PROMPT + " no HTTP\r\n\r\n").getBytes(StandardCharsets.UTF_8)));
    second.behave(call -> call.json(200, "{\"not\":\"an answer, " + PROMPT + "\"}"));
    chat("garbage", body(false), key());
    first.behave(call -> {
      call.beginStream();
      call.token(ANSWER);
      call.close();
    });
    second.behave(call -> {
      call.beginStream();
      call.token(ANSWER);
      call.event("{\"" + PROMPT);
      call.close();
    });
    assertThat(chat("broken", body(true), key()).body()).contains(ANSWER);

    requestLine("broken");
    assertThat(lines())
        .as("levels")
        .extracting(line -> line.at("/log/level").asText())
        .contains("DEBUG", "INFO", "WARN");
    assertThat(requestIds()).contains("bad-json", "refused-403", "refused-stream-503", "garbage");
    assertThat(gateway.output().lines())
        .noneMatch(line -> line.contains("swordfish"))
        .noneMatch(line -> line.contains("sk-upstream"))
        .noneMatch(line -> line.contains(Gateway.ADMIN_KEY));
  }

  @Test
  void whatMachinesAskForEveryFewSecondsHasNoLine() throws Exception {
    for (String path : List.of("/health", "/health/ready", "/metrics", "/docs")) {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(gateway.url(path)).header("X-Request-Id", "machine").build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
    }
    chat("after-machines", body(false), key());

    requestLine("after-machines");
    assertThat(requestIds()).doesNotContain("machine");
  }

  @Test
  void asTextALineNamesItsRequestAndSaysTheSame(@TempDir Path data) throws Exception {
    try (GatewayProcess plain = GatewayProcess.start(data, "iir.log.requests=true")) {
      HttpRequest request =
          HttpRequest.newBuilder(plain.url("/v1/chat/completions"))
              .header("Authorization", "Bearer " + key())
              .header("X-Request-Id", "plain")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body(false).replace("auto", "sim/echo")))
              .build();
      assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

      await().atMost(PATIENCE).until(() -> plain.output().contains("chat-completions 200"));
      assertThat(plain.output().lines().filter(line -> line.contains("chat-completions 200")))
          .singleElement()
          .asString()
          .contains("[plain] iir.requests ", "chat-completions 200 success in ")
          .contains(" iir.key.id=", " gen_ai.provider.name=sim", " gen_ai.usage.input_tokens=")
          .doesNotContain("swordfish");
    }
  }

  private static String key() {
    return Gateway.ADMIN_KEY;
  }

  private static String body(boolean stream) {
    return "{\"model\":\"auto\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, PROMPT);
  }

  private static HttpResponse<String> chat(String id, String body, String key)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", id)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** The line of the request with that id, which is its last. */
  private static JsonNode requestLine(String id) {
    await().atMost(PATIENCE).until(() -> requestIds().contains(id));
    return lines().stream()
        .filter(line -> isRequest(line) && line.at("/http/request/id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> requestIds() {
    return lines().stream()
        .filter(LogIT::isRequest)
        .map(line -> line.at("/http/request/id").asText())
        .collect(Collectors.toSet());
  }

  private static boolean isRequest(JsonNode line) {
    return line.at("/log/logger").asText().equals(RequestLog.NAME);
  }

  private static List<JsonNode> lines() {
    return gateway
        .output()
        .lines()
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(Gateway::json)
        .toList();
  }
}
