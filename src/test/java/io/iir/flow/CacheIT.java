package io.iir.flow;

import static io.iir.testing.Chunks.DONE;
import static io.iir.testing.Chunks.FINISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers from the cache, end to end. */
class CacheIT {

  private static FakeProvider provider;
  private static Gateway gateway;

  private static int asked;

  private String ask = "";

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.max-entry=2KB"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void askSomethingNew(TestInfo test) {
    ask =
        """
        {"model":"fake/m","messages":[{"role":"user","content":"%s %s"}]}\
        """
            .formatted(test.getTestMethod().orElseThrow().getName(), asked++);
    provider.calls().clear();
    provider.behave(CacheIT::answer);
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token("Hello ");
      call.token("there");
      call.endStream(5, 2);
    } else {
      call.completion("Hello there", 5, 2);
    }
  }

  // ---- hits

  @Test
  void aRepeatedRequestIsAnsweredWithoutTheProvider() throws Exception {
    String first;
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.header("x-iir-cache")).isEqualTo("miss");
      assertThat(client.header("Age")).isNull();
      first = client.rest();
    }
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      assertThat(Integer.parseInt(client.header("Age"))).isBetween(0, 60);
      assertThat(client.header("X-Route-Provider")).isEqualTo("fake");
      assertThat(client.header("X-Route-Model")).isEqualTo("m");
      assertThat(client.rest()).isEqualTo(first);
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aWholeAnswerServesAStream() throws Exception {
    expect("miss", ask);
    try (RawClient client = RawClient.chat(gateway, streaming(ask))) {
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
      String all = client.rest();
      assertThat(StreamIT.contentOf(all)).isEqualTo("Hello there");
      assertThat(all).contains("\"finish_reason\":\"stop\"").endsWith(DONE);
      assertThat(all).doesNotContain("usage");
    }
    String withUsage =
        streaming(ask)
            .replace(
                "\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    try (RawClient client = RawClient.chat(gateway, withUsage)) {
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      assertThat(client.rest()).contains("\"total_tokens\":7");
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aStreamServesAWholeAnswer() throws Exception {
    expect("miss", streaming(ask));
    JsonNode answer = awaitHit(ask);
    JsonNode choice = answer.path("choices").path(0);
    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(choice.path("message").path("content").asText()).isEqualTo("Hello there");
    assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.path("usage").path("total_tokens").asInt()).isEqualTo(7);
  }

  @Test
  void theOrderOfFieldsDoesNotMatter() throws Exception {
    expect("miss", ask.replace("{\"model\"", "{\"seed\":1,\"model\""));
    expect("hit", ask.replace("]}", "],\"seed\":1}"));
  }

  @Test
  void aHitCostsNoTokens() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"free\",\"limits\":{\"tpm\":10000}}");
    provider.behave(call -> call.completion("Hi", 300, 300));
    expect("miss", ask, key.header());
    int before = remaining(key);
    for (int i = 0; i < 5; i++) {
      assertThat(remaining(key)).isGreaterThanOrEqualTo(before);
    }
    assertThat(provider.calls()).hasSize(1);
  }

  private int remaining(NewKey key) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask, key.header())) {
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      client.rest();
      String remaining = client.header("x-ratelimit-remaining-tokens");
      assertThat(remaining).isNotNull();
      return Integer.parseInt(remaining);
    }
  }

  // ---- misses

  @Test
  void anotherKeyMisses() throws Exception {
    expect("miss", ask);
    expect("miss", ask, gateway.newKey("{\"name\":\"other\"}").header());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"seed\":2", "\"max_tokens\":9", "\"temperature\":0", "\"x\":null"})
  void anyOtherDifferenceMisses(String field) throws Exception {
    expect("miss", ask);
    expect("miss", ask.replace("{\"model\"", "{" + field + ",\"model\""));
    expect("miss", ask.replace("any", "Any"));
    expect("miss", ask.replace("fake/m", "fake/m2"));
    expect("hit", ask);
  }

  // ---- what the client wants

  @Test
  void variedAnswersAreKeptOnlyForWhoAsksForThem() throws Exception {
    String varied = ask.replace("{\"model\"", "{\"temperature\":0.7,\"model\"");
    expect("bypass", varied);
    expect("bypass", varied);
    expect("miss", varied, "Cache-Control: max-age=60");
    expect("hit", varied, "Cache-Control: max-age=60");
    expect("bypass", varied);
  }

  @Test
  void noCacheAsksAnewAndKeeps() throws Exception {
    expect("bypass", ask, "Cache-Control: no-cache");
    expect("hit", ask);
    expect("bypass", ask, "Cache-Control: no-cache");
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  void anAgeOfZeroAsksAnewAndKeeps() throws Exception {
    expect("bypass", ask, "Cache-Control: max-age=0");
    expect("bypass", ask, "Cache-Control: max-age=0");
    expect("hit", ask, "Cache-Control: max-age=60");
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  void noStoreKeepsNothing() throws Exception {
    expect("bypass", ask, "Cache-Control: no-store");
    expect("miss", ask);
  }

  @Test
  void onlyIfCachedNeverAsks() throws Exception {
    try (RawClient client = RawClient.chat(gateway, ask, "Cache-Control: only-if-cached")) {
      assertThat(client.status()).isEqualTo(504);
      assertThat(Gateway.json(client.rest()).path("error").path("code").asText())
          .isEqualTo("not_cached");
    }
    assertThat(provider.calls()).isEmpty();
    await()
        .until(() ->
            gateway
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("iir_requests_total{"))
                .anyMatch(line ->
                    line.contains("outcome=\"client_error\"") && line.contains("status=\"5xx\"")));
    expect("miss", ask);
    expect("hit", ask, "Cache-Control: only-if-cached");
  }

  @Test
  void anAgeThatIsNoNumberIsRefused() throws Exception {
    try (RawClient client = RawClient.chat(gateway, ask, "Cache-Control: max-age=soon")) {
      assertThat(client.status()).isEqualTo(400);
    }
  }

  // ---- what is never kept

  @ParameterizedTest
  @ValueSource(ints = {400, 500, 200})
  void errorsAreNotKept(int status) throws Exception {
    provider.behave(call -> call.json(status, "{\"error\":{\"message\":\"no\"}}"));
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.status()).isEqualTo(status == 400 ? 400 : 502);
    }
    provider.behave(CacheIT::answer);
    expect("miss", ask);
  }

  @Test
  void cutStreamsAreNotKept() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hello ");
      call.close();
    });
    try (RawClient client = RawClient.chat(gateway, streaming(ask))) {
      assertThat(client.rest()).contains("provider_error");
    }
    settled();
    provider.behave(CacheIT::answer);
    expect("miss", ask);
  }

  @Test
  void failedStreamsAreNotKept() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hello ");
      call.event(FINISH);
      call.event("{\"error\":{\"message\":\"no\"}}");
      call.endChunks();
    });
    try (RawClient client = RawClient.chat(gateway, streaming(ask))) {
      client.rest();
    }
    settled();
    provider.behave(CacheIT::answer);
    expect("miss", ask);
  }

  @Test
  void streamsThatTheirClientLeftAreNotKept() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hello ");
      call.event(FINISH);
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.chat(gateway, streaming(ask))) {
      assertThat(client.event()).contains("Hello");
    }
    settled();
    provider.behave(CacheIT::answer);
    expect("miss", ask);
  }

  @Test
  void longAnswersAreNotKept() throws Exception {
    provider.behave(call -> call.completion("x".repeat(3000), 5, 2));
    expect("miss", ask);
    expect("miss", ask);
    provider.behave(call -> {
      call.beginStream();
      call.token("x".repeat(3000));
      call.endStream(5, 2);
    });
    expect("miss", streaming(ask));
    settled();
    expect("miss", streaming(ask));
  }

  // ----

  private static void settled() {
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
  }

  private static void expect(String result, String ask, String... headers) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask, headers)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-iir-cache")).isEqualTo(result);
      client.rest();
    }
  }

  /** A stream is put together and kept after its client has it. */
  private static JsonNode awaitHit(String ask) throws IOException {
    await()
        .untilAsserted(() -> {
          try (RawClient client = RawClient.chat(gateway, ask, "Cache-Control: only-if-cached")) {
            assertThat(client.status()).isEqualTo(200);
          }
        });
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      return Gateway.json(client.rest());
    }
  }

  private static String streaming(String ask) {
    return ask.replace("{\"model\"", "{\"stream\":true,\"model\"");
  }
}
