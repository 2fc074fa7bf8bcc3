package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.flow.engine.GatewayServer;
import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a key, its team, a model and the whole gateway may use, end to end. */
class QuotasIT {

  private static final int SHORT_OF_A_WINDOW_MILLIS = 60_000;
  private static final int WINDOW_MILLIS = 61_000;

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.limits.gateway.tpm=1000000",
                  "iir.limits.gateway.concurrency=200",
                  "iir.limits.models[fake/few].rpm=3",
                  "iir.limits.models[fake/small].tpm=300",
                  "iir.limits.models[fake/*].rpm=5000",
                  "iir.teams[r&d].limits.rpm=4",
                  "iir.teams.exact.limits.rpm=100",
                }));
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

  private static String ask(String model) {
    return """
    {"model":"%s","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}\
    """
        .formatted(model);
  }

  private static NewKey key(String description) {
    return gateway.newKey(description);
  }

  private static int status(NewKey key, String model) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask(model), key.header())) {
      return client.status();
    }
  }

  /** Milliseconds of a duration of a header: {@code 1m0.999s}. */
  private static long millis(@Nullable String header) {
    String duration = Objects.requireNonNull(header);
    String iso =
        duration.endsWith("ms") ? "PT0.%03dS".formatted(digits(duration)) : "PT" + duration;
    return java.time.Duration.parse(iso.toUpperCase(java.util.Locale.ROOT)).toMillis();
  }

  private static int digits(String duration) {
    return Integer.parseInt(duration.replace("ms", ""));
  }

  private static JsonNode refusal(NewKey key, String model) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask(model), key.header())) {
      assertThat(client.status()).isEqualTo(429);
      assertThat(client.header("x-iir-error-source")).isEqualTo("gateway");
      return Gateway.json(client.rest()).path("error");
    }
  }

  @Test
  void aTeamsKeysShareItsLimit() throws Exception {
    NewKey one = key("{\"name\":\"one\",\"team\":\"r&d\"}");
    NewKey two = key("{\"name\":\"two\",\"team\":\"r&d\"}");
    for (int left = 3; left >= 0; left--) {
      NewKey key = left % 2 == 0 ? one : two;
      try (RawClient client = RawClient.chat(gateway, ask("fake/m"), key.header())) {
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("x-ratelimit-limit-requests")).isEqualTo("4");
        assertThat(client.header("x-ratelimit-remaining-requests")).isEqualTo("" + left);
        assertThat(client.header("x-ratelimit-limit-tokens")).as("the key's").isEqualTo("400000");
      }
    }

    JsonNode error = refusal(one, "fake/m");

    assertThat(error.path("message").asText())
        .startsWith("Team 'r&d' has reached its limit of 4 requests a minute. Try again in ");
    assertThat(error.path("type").asText()).isEqualTo("requests");
    assertThat(status(key("{\"name\":\"other\",\"team\":\"sales\"}"), "fake/m")).isEqualTo(200);
    assertThat(
            gateway
                .bean(MeterRegistry.class)
                .get(Meters.THROTTLE_REFUSALS.id())
                .tags("limit", "requests", "scope", "team")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aModelsCallersShareItsLimit() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(status(key("{\"name\":\"caller\"}"), "fake/few")).isEqualTo(200);
    }
    NewKey late = key("{\"name\":\"late\"}");

    assertThat(refusal(late, "fake/few").path("message").asText())
        .startsWith("Model 'fake/few' has reached its limit of 3 requests a minute.");
    assertThat(status(late, "fake/m")).isEqualTo(200);
  }

  @Test
  void aModelsTokensAreReservedAndSettled() throws Exception {
    NewKey key = key("{\"name\":\"tokens\"}");
    provider.behave(call -> call.completion("Hi", 100, 180));
    try (RawClient client = RawClient.chat(gateway, ask("fake/small"), key.header())) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-ratelimit-limit-tokens")).isEqualTo("300");
    }
    JsonNode error = refusal(key, "fake/small");
    assertThat(error.path("type").asText()).isEqualTo("tokens");
    assertThat(error.path("message").asText())
        .startsWith("Model 'fake/small' has reached its limit of 300 tokens a minute;");
  }

  @Test
  void headersTellWhenAllIsThereAgain() throws Exception {
    NewKey key = key("{\"name\":\"reset\",\"limits\":{\"rpm\":2,\"tpm\":1000}}");
    for (int i = 0; i < 2; i++) {
      try (RawClient client = RawClient.chat(gateway, ask("fake/m"), key.header())) {
        assertThat(millis(client.header("x-ratelimit-reset-requests")))
            .isBetween((long) SHORT_OF_A_WINDOW_MILLIS, (long) WINDOW_MILLIS);
        assertThat(millis(client.header("x-ratelimit-reset-tokens")))
            .isBetween((long) SHORT_OF_A_WINDOW_MILLIS, (long) WINDOW_MILLIS);
      }
    }
    try (RawClient client = RawClient.chat(gateway, ask("fake/m"), key.header())) {
      assertThat(client.status()).isEqualTo(429);
      long reset = millis(client.header("x-ratelimit-reset-requests"));
      long retry = Long.parseLong(Objects.requireNonNull(client.header("Retry-After"))) * 1000;
      assertThat(retry).as("the first of them ends first").isLessThan(reset + 1000);
      assertThat(client.header("x-ratelimit-remaining-requests")).isEqualTo("0");
      assertThat(
              Long.parseLong(Objects.requireNonNull(client.header("x-ratelimit-remaining-tokens"))))
          .as("twice 6 of 1000 were used")
          .isEqualTo(988);
    }
  }

  @Test
  void exactlyAsManyPassAsTheLimitSays() throws Exception {
    List<NewKey> keys = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      keys.add(key("{\"name\":\"many\",\"team\":\"exact\"}"));
    }
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      NewKey key = keys.get(i % keys.size());
      requests.add(() -> status(key, "fake/m"));
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Integer> done : threads.invokeAll(requests)) {
        statuses.add(done.get());
      }
    }
    assertThat(statuses).containsOnly(200, 429);
    assertThat(statuses.stream().filter(status -> status == 200)).hasSize(100);
    assertThat(provider.calls()).hasSize(100);
  }

  @Test
  void aStreamThatIsLeftIsSettledByWhatWasSent() throws Exception {
    NewKey key = key("{\"name\":\"left\",\"limits\":{\"tpm\":1000,\"concurrency\":1}}");
    Semaphore goOn = new Semaphore(0);
    provider.behave(call -> {
      call.beginStream();
      for (int i = 0; i < 7; i++) {
        call.token("word ");
      }
      StreamIT.take(goOn);
      call.awaitLeaving();
    });
    String stream = ask("fake/m").replace("{\"model\"", "{\"stream\":true,\"model\"");
    int reserved;
    try (RawClient client = RawClient.chat(gateway, stream, key.header())) {
      assertThat(client.status()).isEqualTo(200);
      reserved = 1000 - Integer.parseInt(client.header("x-ratelimit-remaining-tokens"));
      for (int i = 0; i < 7; i++) {
        assertThat(client.event()).contains("word");
      }
      assertThat(refusal(key, "fake/m").path("type").asText()).isEqualTo("concurrency");
    }
    goOn.release();
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    answerWell();
    int prompt = reserved - 50;
    try (RawClient client = RawClient.chat(gateway, ask("fake/m"), key.header())) {
      assertThat(client.status()).as("its place is free").isEqualTo(200);
      assertThat(1000 - Integer.parseInt(client.header("x-ratelimit-remaining-tokens")))
          .as("its prompt, seven tokens and this reservation")
          .isEqualTo(prompt + 7 + reserved);
    }
  }

  @Test
  void theErrorOfTheEstimateIsAMetric() throws Exception {
    provider.behave(call -> call.completion("Hi", 20, 1));
    assertThat(status(key("{\"name\":\"estimate\"}"), "fake/m")).isEqualTo(200);

    assertThat(
            gateway
                .bean(MeterRegistry.class)
                .get(Meters.THROTTLE_ESTIMATE_ERROR.id())
                .tag("gen_ai.provider.name", "fake")
                .summary()
                .max())
        .isGreaterThan(1);
  }
}
