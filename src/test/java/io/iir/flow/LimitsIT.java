package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key may use, end to end. */
class LimitsIT {

  private static final String ASK =
      """
      {"model":"fake/m","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}\
      """;

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.enabled=false"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void answerWell() {
    provider.calls().clear();
    provider.behave(call -> call.completion("Hi", 5, 1));
  }

  @Test
  void requestsAreCounted() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"rpm\",\"limits\":{\"rpm\":2,\"tpm\":100000}}");
    for (int left = 1; left >= 0; left--) {
      try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(client.header("x-ratelimit-remaining-requests")).isEqualTo("" + left);
        assertThat(client.header("x-ratelimit-limit-tokens")).isEqualTo("100000");
        assertThat(client.header("x-ratelimit-reset-requests")).matches("[0-9.hms]+");
      }
    }
    JsonNode error = refusal(ASK, key, "requests");
    assertThat(error.path("message").asText()).contains("'rpm'").contains("2 requests a minute");
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  void aRequestThatCannotBeReadCountsToo() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"bad\",\"limits\":{\"rpm\":1}}");
    try (RawClient client = RawClient.chat(gateway, "{", key.header())) {
      assertThat(client.status()).isEqualTo(400);
    }
    refusal(ASK, key, "requests");
  }

  @Test
  void aKeyOverItsLimitIsToldSoWhateverItSends() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"over\",\"limits\":{\"rpm\":1}}");
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(200);
    }
    refusal("{", key, "requests");
    refusal("{" + " ".repeat(ThrottleRoute.LONG_BODY), key, "requests");
  }

  @Test
  void anUnreadableRequestFreesItsPlaceAndTellsTheLimits() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"one\",\"limits\":{\"rpm\":9,\"concurrency\":1}}");
    for (int left = 8; left > 5; left--) {
      try (RawClient client = RawClient.chat(gateway, "{", key.header())) {
        assertThat(client.status()).isEqualTo(400);
        assertThat(client.header("x-ratelimit-remaining-requests")).isEqualTo("" + left);
      }
    }
  }

  @Test
  void aRefusalTakesNothing() throws Exception {
    NewKey key =
        gateway.newKey("{\"name\":\"few\",\"limits\":{\"rpm\":4,\"tpm\":200,\"concurrency\":1}}");
    provider.behave(call -> call.completion("Hi", 100, 200));
    remaining(key);
    for (int i = 0; i < 5; i++) {
      try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
        assertThat(client.status()).isEqualTo(429);
        assertThat(client.header("x-ratelimit-remaining-requests")).isEqualTo("3");
        assertThat(client.header("x-ratelimit-remaining-tokens")).isEqualTo("0");
        assertThat(client.rest()).contains("\"type\":\"tokens\"");
      }
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aRefusalForTokensHasEachHeaderOnce() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"once\",\"limits\":{\"rpm\":9,\"tpm\":200}}");
    provider.behave(call -> call.completion("Hi", 100, 200));
    remaining(key);
    HttpResponse<String> answer = gateway.chat(ASK, "Authorization", "Bearer " + key.secret());
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().map()).allSatisfy((name, values) -> assertThat(values).hasSize(1));
    assertThat(answer.headers().map()).containsKey("x-ratelimit-limit-requests");
  }

  @Test
  void tokensAreReservedAndSettledByWhatWasUsed() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"tpm\",\"limits\":{\"tpm\":200}}");
    int reserved = 200 - remaining(key);
    assertThat(reserved).as("the prompt and max_tokens").isGreaterThan(50);
    provider.behave(call -> call.completion("Hi", 100, 80));
    assertThat(remaining(key)).isBetween(200 - 6 - reserved, 200 - reserved);
    // 186 were used of what had been filled up to at most 200.
    JsonNode error = refusal(ASK, key, "tokens");
    assertThat(error.path("message").asText()).contains("200 tokens a minute");
  }

  @Test
  void aWholeAnswerWithoutUsageIsSettledByItsText() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"text\",\"limits\":{\"tpm\":200}}");
    provider.behave(call ->
        call.json(
            200,
            """
            {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}]}\
            """
                .formatted("word ".repeat(180))));
    assertThat(remaining(key)).isPositive();
    refusal(ASK, key, "tokens");
  }

  @Test
  void whatNobodyAnsweredIsGivenBack() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"refund\",\"limits\":{\"tpm\":200}}");
    provider.behave(call -> call.json(500, "{}"));
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(502);
    }
    provider.behave(call -> call.json(400, "{\"error\":{\"message\":\"no\"}}"));
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(400);
    }
    answerWell();
    int first = remaining(gateway.newKey("{\"name\":\"fresh\",\"limits\":{\"tpm\":200}}"));
    assertThat(remaining(key)).isEqualTo(first);
  }

  @Test
  void aPromptLongerThanAMinutesTokensNeverPasses() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"long\",\"limits\":{\"tpm\":200}}");
    String ask = ASK.replace("Hello", "Hello you ".repeat(500));
    try (RawClient client = RawClient.chat(gateway, ask, key.header())) {
      assertThat(client.status()).isEqualTo(429);
      assertThat(client.header("Retry-After")).isNull();
      assertThat(client.rest()).contains("it can never pass");
    }
  }

  @Test
  void requestsAtATimeAreCounted() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"slots\",\"limits\":{\"concurrency\":2}}");
    Semaphore goOn = new Semaphore(0);
    provider.behave(call -> {
      StreamIT.take(goOn);
      call.completion("Hi", 5, 1);
    });
    try (RawClient one = RawClient.chat(gateway, ASK, key.header());
        RawClient two = RawClient.chat(gateway, ASK, key.header())) {
      await().until(() -> provider.calls().size() == 2);
      refusal(ASK, key, "concurrency");
      goOn.release(2);
      assertThat(one.status()).isEqualTo(200);
      assertThat(two.status()).isEqualTo(200);
    }
    goOn.release();
    await()
        .untilAsserted(() -> {
          try (RawClient next = RawClient.chat(gateway, ASK, key.header())) {
            assertThat(next.status()).isEqualTo(200);
          }
        });
  }

  @Test
  void whoMayNotUseAModelIsToldSo() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"some\",\"models\":[\"fake/a1\"]}");
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(403);
      JsonNode error = Gateway.json(client.rest()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("model_not_allowed");
      assertThat(error.path("message").asText()).contains("fake/m").contains("fake/a1");
    }
    assertThat(provider.calls()).isEmpty();
    try (RawClient client =
        RawClient.chat(gateway, ASK.replace("fake/m", "fake/a1"), key.header())) {
      assertThat(client.status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ["a2","gpt-5"] | may not use 'fake/gpt-5', which 'models' names; it may use fake/a1, fake/a2
          ["fake/a2"]    | may not use 'fake/fake/a2', which 'models' names
          [["gpt-5"]]    | may use only some models, and 'models' is no list of at most 32 names
          "gpt-5"        | may use only some models, and 'models' is no list of at most 32 names
          """)
  void theModelsThatAProviderMayTakeInsteadAreHeldAgainstTheKey(String models, String refusal)
      throws Exception {
    NewKey some = gateway.newKey("{\"name\":\"few\",\"models\":[\"fake/a1\",\"fake/a2\"]}");
    String ask = ASK.replace("fake/m\"", "fake/a1\",\"models\":" + models);
    try (RawClient client = RawClient.chat(gateway, ask, some.header())) {
      assertThat(client.status()).isEqualTo(403);
      JsonNode error = Gateway.json(client.rest()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("model_not_allowed");
      assertThat(error.path("param").asText()).isEqualTo("models");
      assertThat(error.path("message").asText()).contains(refusal);
    }
    assertThat(provider.calls()).isEmpty();
    NewKey all = gateway.newKey("{\"name\":\"all\",\"models\":[\"fake/*\"]}");
    try (RawClient client = RawClient.chat(gateway, ask, all.header())) {
      assertThat(client.status()).isEqualTo(200);
    }
    assertThat(provider.call().body()).contains("\"models\":" + models);
  }

  @Test
  void fallbacksThatTheKeyMayUseReachTheProvider() throws Exception {
    NewKey some = gateway.newKey("{\"name\":\"few\",\"models\":[\"fake/a1\",\"fake/a2\"]}");
    String ask = ASK.replace("fake/m\"", "fake/a1\",\"models\":[\"a2\"]");
    try (RawClient client = RawClient.chat(gateway, ask, some.header())) {
      assertThat(client.status()).isEqualTo(200);
    }
    assertThat(provider.call().body()).contains("\"models\":[\"a2\"]");
  }

  @Test
  void aRevokedKeyIsRefusedAtOnce() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"gone\"}");
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(200);
    }
    HttpRequest delete = gateway.request("/api/v1/apikeys/" + key.id()).DELETE().build();
    assertThat(gateway.send(delete).statusCode()).isBetween(200, 204);
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(401);
      assertThat(client.rest()).contains("invalid_api_key");
    }
  }

  private static JsonNode refusal(String ask, NewKey key, String type) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask, key.header())) {
      assertThat(client.status()).isEqualTo(429);
      assertThat(client.header("Retry-After")).isNotNull();
      assertThat(Integer.parseInt(client.header("Retry-After"))).isBetween(1, 61);
      assertThat(client.header("x-iir-error-source")).isEqualTo("gateway");
      JsonNode error = Gateway.json(client.rest()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
      assertThat(error.path("type").asText()).isEqualTo(type);
      return error;
    }
  }

  /** What a request sees of its key's tokens, its own reservation taken off. */
  private static int remaining(NewKey key) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ASK, key.header())) {
      assertThat(client.status()).isEqualTo(200);
      client.rest();
      String remaining = client.header("x-ratelimit-remaining-tokens");
      assertThat(remaining).isNotNull();
      return Integer.parseInt(remaining);
    }
  }
}
