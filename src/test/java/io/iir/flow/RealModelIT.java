package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.testing.Gateway;
import io.iir.testing.RealModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The gateway before a real model: llama.cpp's server as it is, and the official Python client. */
@Tag("real-model")
class RealModelIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVER_KEY = "sk-of-the-server";
  private static final Duration SOON = Duration.ofSeconds(10);

  @SuppressWarnings("NullAway.Init") // set before all
  private static RealModel model;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    model = RealModel.start(SERVER_KEY);
    gateway =
        Gateway.start(
            "iir.providers.real.base-url=" + model.baseUrl(),
            "iir.providers.real.api-key=" + SERVER_KEY,
            "iir.discovery.local-interval=1s");
    awaitListed(gateway, "real/" + RealModel.MODEL);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    model.close();
  }

  @Test
  void answersWhole() throws Exception {
    HttpResponse<String> answer = gateway.chat(body("Say hello.", 12, false));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("real");
    JsonNode completion = JSON.readTree(answer.body());
    assertThat(completion.at("/choices/0/message/content").asText()).isNotBlank();
    assertThat(completion.at("/usage/completion_tokens").asInt()).isBetween(1, 12);
    assertThat(completion.has("timings")).as("llama.cpp's own field passes").isTrue();
  }

  @Test
  void streamsTokenByTokenAndAccountsForThem() throws Exception {
    double before = metric("gen_ai_client_token_usage_token_sum", "output");

    List<String> data = stream(body("Count from one to ten.", 16, true));

    assertThat(data.getLast()).isEqualTo("[DONE]");
    List<JsonNode> chunks = data.stream().limit(data.size() - 1L).map(RealModelIT::json).toList();
    List<String> tokens = contents(chunks).toList();
    assertThat(tokens).hasSizeGreaterThan(4);
    assertThat(chunks).as("usage was not asked for").noneMatch(RealModelIT::hasUsage);
    assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isIn("length", "stop");
    await()
        .untilAsserted(() ->
            assertThat(metric("gen_ai_client_token_usage_token_sum", "output") - before)
                .as("output tokens, accounted from the hidden usage chunk")
                .isBetween((double) tokens.size(), 16.0));
  }

  /** By itself the server would generate for a minute and more. */
  @Test
  void stopsTheModelWhenTheClientLeaves() throws Exception {
    HttpResponse<InputStream> answer =
        gateway
            .client()
            .send(
                post(endless("Tell a story without an end.")),
                HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      assertThat(in.readNBytes(600)).hasSize(600);
      assertThat(model.generating()).isEqualTo(1);
    }

    await().atMost(SOON).until(() -> model.generating() == 0);
  }

  @Test
  void refusesWrongNamesAlthoughTheServerTakesAny() {
    HttpResponse<String> unknown = gateway.chat(named("real/smollm2-136m"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("model_not_found").contains("real/" + RealModel.MODEL);

    HttpResponse<String> provider = gateway.chat(named("reel/smollm2-135m"));
    assertThat(provider.statusCode()).isEqualTo(404);
    assertThat(provider.body()).contains("provider_not_found").contains("real");

    HttpResponse<String> bare = gateway.chat(named("smollm2-135m"));
    assertThat(bare.statusCode()).isEqualTo(400);
    assertThat(bare.body()).contains("invalid_model_name").contains("real/" + RealModel.MODEL);
  }

  @Test
  void passesOnTheServersOwnRefusal() {
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model":"real/%s","messages":[{"role":"user","content":"Hi"}],"max_tokens":"many"}\
            """
                .formatted(RealModel.MODEL));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void findsAServerOnAUsualPortAndOffersItAsLocal() throws Exception {
    try (RealModel found = RealModel.start("");
        Gateway finder = Gateway.start("iir.discovery.local-ports=" + found.port())) {
      awaitListed(finder, "local/" + RealModel.MODEL);

      HttpResponse<String> named = finder.chat(body("local", "Say hello.", 4, false));
      assertThat(named.statusCode()).as(named.body()).isEqualTo(200);

      HttpResponse<String> chosen =
          finder.chat(
              """
              {"model":"auto","messages":[{"role":"user","content":"Hi"}],"max_tokens":4}\
              """);
      assertThat(chosen.statusCode()).as(chosen.body()).isEqualTo(200);
      assertThat(chosen.headers().firstValue("X-Route-Provider")).contains("local");
    }
  }

  @Test
  void streamsToTheOfficialPythonClient() throws Exception {
    Process client =
        new ProcessBuilder(
                RealModel.python(),
                "src/test/python/stream_chat.py",
                gateway.url("/v1").toString(),
                Gateway.ADMIN_KEY,
                "real/" + RealModel.MODEL,
                "What is the capital of France?")
            .redirectErrorStream(true)
            .start();
    String printed = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor(1, TimeUnit.MINUTES)).as(printed).isTrue();

    assertThat(client.exitValue()).as(printed).isZero();
    JsonNode seen = JSON.readTree(printed);
    assertThat(seen.path("text").asText()).isNotBlank();
    assertThat(seen.path("pieces").asInt()).isGreaterThan(4);
    assertThat(seen.path("finish_reason").asText()).isIn("length", "stop");
    assertThat(seen.path("completion_tokens").asInt()).isBetween(5, 24);
    assertThat(seen.path("models").toString()).contains("real/" + RealModel.MODEL);
  }

  private static void awaitListed(Gateway gateway, String id) {
    await().atMost(SOON).until(() -> gateway.get("/v1/models").body().contains('"' + id + '"'));
  }

  private static String body(String prompt, int maxTokens, boolean stream) {
    return body("real", prompt, maxTokens, stream);
  }

  private static String body(String provider, String prompt, int maxTokens, boolean stream) {
    return """
    {"model":"%s/%s","messages":[{"role":"user","content":"%s"}],"max_tokens":%d,"stream":%s,\
    "temperature":0}\
    """
        .formatted(provider, RealModel.MODEL, prompt, maxTokens, stream);
  }

  private static String endless(String prompt) {
    return """
    {"model":"real/%s","messages":[{"role":"user","content":"%s"}],"stream":true,\
    "ignore_eos":true}\
    """
        .formatted(RealModel.MODEL, prompt);
  }

  private static String named(String name) {
    return """
    {"model":"%s","messages":[{"role":"user","content":"Hi"}],"max_tokens":1}\
    """
        .formatted(name);
  }

  private static HttpRequest post(String body) {
    return gateway
        .request("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** What stands behind each {@code data:}. */
  private static List<String> stream(String body) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        gateway.client().send(post(body), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> line.startsWith("data: "))
          .map(line -> line.substring("data: ".length()))
          .toList();
    }
  }

  private static Stream<String> contents(List<JsonNode> chunks) {
    return chunks.stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
        .filter(text -> !text.isEmpty());
  }

  private static boolean hasUsage(JsonNode chunk) {
    return chunk.hasNonNull("usage");
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** The sum of a metric for the provider {@code real}, or 0. */
  private static double metric(String name, String type) {
    return gateway
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> line.contains("\"real\"") && line.contains('"' + type + '"'))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
