package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.ModelSettings;
import io.iir.config.Protocol;
import io.iir.config.ProviderSettings.Timeouts;
import io.iir.config.Secret;
import io.iir.hardware.Cpu;
import io.iir.hardware.Gpu;
import io.iir.hardware.Hardware;
import io.iir.hardware.Memory;
import io.iir.provider.Model;
import io.iir.provider.ModelPolicy;
import io.iir.provider.ModelTraffic;
import io.iir.provider.OnDemandModel;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.Vendor;
import io.iir.recommend.Recommendation;
import io.iir.testing.FakeProvider;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdvisorTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "sk-test-0123456789";

  private static final Hardware HARDWARE =
      new Hardware(
          "Linux 6.8.0 amd64",
          new Cpu("Xeon", 16, 32, null, List.of("avx2"), null),
          new Memory(64L << 30, 60L << 30, null, null, 1e11),
          List.of(
              new Gpu(Gpu.Vendor.NVIDIA, "RTX 4090", 24L << 30, 23L << 30, false, 1e12, 1e14, "1")),
          List.of(),
          Instant.EPOCH);

  private static final List<Recommendation> THREE =
      List.of(
          recommendation("big", "Q4_K_M", 0.9),
          recommendation("small", "Q4_K_M", 0.8),
          recommendation("small", "Q8_0", 0.7));

  private final FakeProvider provider = new FakeProvider(call -> call.json(500, "{}"));

  @AfterEach
  void closeProvider() throws Exception {
    provider.close();
  }

  private static Recommendation recommendation(String model, String quantization, double score) {
    return new Recommendation(
        model,
        quantization,
        Recommendation.Placement.GPU,
        8192,
        5_000_000_000L,
        83.333,
        null,
        0.7,
        score,
        Map.of(),
        List.of("Fits."));
  }

  private ProviderDirectory directory() {
    Provider fake =
        new Provider(
            "fake",
            Protocol.OPENAI,
            URI.create(provider.baseUrl()),
            Secret.of(KEY),
            new ModelPolicy.Listed(List.of("adviser", "better")),
            Timeouts.DEFAULT,
            1,
            1,
            Vendor.UNKNOWN);
    return new ProviderDirectory(
        List.of(Provider.sim(Provider.SIM), fake), List.of(), Map.of("wise", "fake/adviser"));
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Advice advise(@Nullable String setting, Duration limit) throws Exception {
    try (Advisor advisor = new Advisor(directory(), setting, AdvisorTest::tls, limit)) {
      return advisor.advise(HARDWARE, THREE);
    }
  }

  private Advice advise(String setting) throws Exception {
    return Objects.requireNonNull(advise(setting, Duration.ofSeconds(30)));
  }

  private void answer(String content) {
    provider.behave(call ->
        call.json(
            200,
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":%s}}]}"
                .formatted(JSON.writeValueAsString(content))));
  }

  private static void assertByFormula(Advice advice) {
    assertThat(advice.ranked())
        .containsExactly(
            new Advice.Ranked("big", "Q4_K_M", null),
            new Advice.Ranked("small", "Q4_K_M", null),
            new Advice.Ranked("small", "Q8_0", null));
    assertThat(advice.failure()).isNotNull().endsWith(".").doesNotContain(KEY);
  }

  @Test
  void ranksAndExplains() throws Exception {
    answer(
        """
        {"ranked": [{"id": "small:Q8_0", "reason": "Best answers for its size."},
                    {"id": "big:Q4_K_M", "reason": "Slow."},
                    {"id": "small:Q4_K_M", "reason": "Same model, coarser."}]}
        """);
    assertThat(advise("wise"))
        .isEqualTo(
            new Advice(
                "fake/adviser",
                List.of(
                    new Advice.Ranked("small", "Q8_0", "Best answers for its size."),
                    new Advice.Ranked("big", "Q4_K_M", "Slow."),
                    new Advice.Ranked("small", "Q4_K_M", "Same model, coarser.")),
                null));
    assertThat(provider.call().target()).isEqualTo("/v1/chat/completions");
    assertThat(provider.call().headers().getFirst("Authorization")).isEqualTo("Bearer " + KEY);
    JsonNode asked = JSON.readTree(provider.call().body());
    assertThat(asked.path("model").asText()).isEqualTo("adviser");
    JsonNode format = asked.path("response_format");
    assertThat(format.path("type").asText()).isEqualTo("json_schema");
    assertThat(format.at("/json_schema/strict").asBoolean()).isTrue();
    assertThat(format.at("/json_schema/schema/properties/ranked/items/properties/id/enum"))
        .extracting(JsonNode::asText)
        .containsExactly("big:Q4_K_M", "small:Q4_K_M", "small:Q8_0");
    assertThat(asked.at("/messages/1/content").asText())
        .contains("RTX 4090", "\"tokens_per_second\":83.3", "Fits.");
  }

  @Test
  void dropsWhatIsInventedOrRepeatedAndAddsWhatIsMissing() throws Exception {
    answer(
        """
        {"ranked": [{"id": "gpt-7:Q4_K_M", "reason": "It is the best."},
                    {"id": "small", "reason": "Which of the two?"},
                    {"id": "SMALL:q8_0", "reason": "Good."},
                    {"id": "small:Q8_0", "reason": "Good again."},
                    "big:Q4_K_M", 7, null]}
        """);
    Advice advice = advise("fake/adviser");
    assertThat(advice.failure()).isNull();
    assertThat(advice.ranked())
        .containsExactly(
            new Advice.Ranked("small", "Q8_0", "Good."),
            new Advice.Ranked("big", "Q4_K_M", null),
            new Advice.Ranked("small", "Q4_K_M", null));
  }

  @Test
  void findsTheRankingInProse() throws Exception {
    answer(
        """
        <think>The user {wants} a [ranking].</think>
        Here you are:
        ```json
        {"ranked": [{"id": "small:Q4_K_M", "reason": "Fast."}]}
        ```
        Tell me if you need {more}.
        """);
    Advice advice = advise("fake/adviser");
    assertThat(advice.failure()).isNull();
    assertThat(advice.ranked().getFirst()).isEqualTo(new Advice.Ranked("small", "Q4_K_M", "Fast."));
  }

  @Test
  void boundsAndCleansReasons() throws Exception {
    answer(
        "{\"ranked\": [{\"id\": \"big:Q4_K_M\", \"reason\": \"a\\u001b[31m\\n\\u202eb%s\"}]}"
            .formatted("x".repeat(5000)));
    String reason = advise("fake/adviser").ranked().getFirst().reason();
    assertThat(reason).startsWith("a [31m b").hasSizeLessThanOrEqualTo(300).endsWith("…");
  }

  @Test
  void asksAgainWithoutTheShapeWhereThatIsRefused() throws Exception {
    provider.behave(call -> {
      if (call.body().contains("response_format")) {
        call.json(400, "{\"error\":{\"message\":\"response_format is not supported\"}}");
      } else {
        call.completion("{\\\"ranked\\\": [{\\\"id\\\": \\\"small:Q8_0\\\"}]}", 1, 1);
      }
    });
    Advice advice = advise("fake/adviser");
    assertThat(advice.failure()).isNull();
    assertThat(advice.ranked().getFirst()).isEqualTo(new Advice.Ranked("small", "Q8_0", null));
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  void saysThatTheKeyIsRefused() throws Exception {
    provider.behave(
        call -> call.json(401, "{\"error\":{\"message\":\"Bad key: %s\"}}".formatted(KEY)));
    Advice advice = advise("fake/adviser");
    assertByFormula(advice);
    assertThat(advice.failure()).contains("HTTP 401", "providers.fake.api-key");
  }

  @Test
  void scrubsTheKeyFromWhatTheProviderSays() throws Exception {
    provider.behave(
        call -> call.json(503, "{\"error\":{\"message\":\"Busy: %s\"}}".formatted(KEY)));
    Advice advice = advise("fake/adviser");
    assertByFormula(advice);
    assertThat(advice.failure()).contains("HTTP 503", "Busy: ***");
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    provider.behave(FakeProvider.Call::awaitLeaving);
    Advice advice = Objects.requireNonNull(advise("fake/adviser", Duration.ofMillis(200)));
    assertByFormula(advice);
    assertThat(advice.failure()).contains("within 200 ms");
  }

  @Test
  void saysThatTheAnswerIsGarbage() throws Exception {
    for (String garbage :
        List.of(
            "", "I cannot.", "{".repeat(5000), "{\"ranked\": []}", "{\"ranked\": [{\"id\": 1}]}")) {
      answer(garbage);
      Advice advice = advise("fake/adviser");
      assertByFormula(advice);
      assertThat(advice.failure()).contains("no ranking");
    }
    for (String body : List.of("", "<html>", "[]", "{\"choices\": []}", "\u0000")) {
      provider.behave(call -> call.json(200, body));
      assertByFormula(advise("fake/adviser"));
    }
  }

  @Test
  void doesNotReadAHugeAnswer() throws Exception {
    provider.behave(call -> {
      call.head(200, "application/json", "Transfer-Encoding: chunked");
      byte[] some = new byte[1 << 16];
      for (int i = 0; i < 1000; i++) {
        call.chunk(some, 0, some.length);
      }
      call.endChunks();
    });
    assertByFormula(advise("fake/adviser"));
  }

  @Test
  void doesNotFollowARedirect() throws Exception {
    provider.behave(call -> call.json(302, "{}", "Location: http://127.0.0.1:1/"));
    Advice advice = advise("fake/adviser");
    assertByFormula(advice);
    assertThat(advice.failure()).contains("HTTP 302");
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    provider.close();
    Advice advice = advise("fake/adviser");
    assertByFormula(advice);
    assertThat(advice.failure()).contains("cannot connect");
  }

  @Test
  void asksNobodyWhereNoneIsSetOrNothingIsRecommended() throws Exception {
    assertThat(advise(null, Duration.ofSeconds(30))).isNull();
    try (Advisor advisor = new Advisor(directory(), "auto", AdvisorTest::tls)) {
      assertThat(advisor.advise(HARDWARE, List.of())).isNull();
    }
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void saysThatAModelIsUnknownOrSimulated() throws Exception {
    Advice unknown = advise("fake/advisor");
    assertByFormula(unknown);
    assertThat(unknown.failure()).startsWith("iir.registry.advisor: ").contains("fake/adviser");
    Advice nonsense = advise("nonsense");
    assertByFormula(nonsense);
    Advice simulated = advise("sim/echo");
    assertByFormula(simulated);
    assertThat(simulated.failure()).contains("simulated");
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void takesTheBestModelThereIs() throws Exception {
    answer("{\"ranked\": [{\"id\": \"big:Q4_K_M\", \"reason\": \"Good.\"}]}");
    assertThat(advise("auto").model()).isEqualTo("fake/adviser");
    ProviderDirectory rated =
        new ProviderDirectory(
            directory().providers(),
            List.of(),
            Map.of(),
            List.of(new ModelSettings("fake/better", null, null, null, null, 0.9, null)),
            new ModelTraffic());
    try (Advisor advisor = new Advisor(rated, "auto", AdvisorTest::tls)) {
      Advice advice = Objects.requireNonNull(advisor.advise(HARDWARE, THREE));
      assertThat(advice.model()).isEqualTo("fake/better");
      assertThat(advice.failure()).isNull();
    }
  }

  /** A model whose server is not running. */
  private record Stopped() implements OnDemandModel {
    @Override
    public Provider provider() {
      return Provider.openai(Provider.LOCAL, URI.create("http://127.0.0.1:1/v1"));
    }

    @Override
    public String model() {
      return "a";
    }

    @Override
    public String upstream() {
      return "a";
    }

    @Override
    public Model.State state() {
      return Model.State.STOPPED;
    }

    @Override
    public @Nullable String unfit() {
      return null;
    }

    @Override
    public @Nullable String unavailable() {
      return null;
    }
  }

  @Test
  void startsNoModelForIt() throws Exception {
    ProviderDirectory stopped =
        new ProviderDirectory(List.of(Provider.sim(Provider.SIM)), List.of(), Map.of());
    stopped.onDemand(List.of(new Stopped()));
    for (String setting : List.of("auto", "local/a")) {
      try (Advisor advisor = new Advisor(stopped, setting, AdvisorTest::tls)) {
        Advice advice = Objects.requireNonNull(advisor.advise(HARDWARE, THREE));
        assertByFormula(advice);
        assertThat(advice.failure())
            .contains(setting.equals("auto") ? "configure one" : "does not run");
      }
    }
  }

  @Test
  void saysThatThereIsNoModelToTake() throws Exception {
    ProviderDirectory empty =
        new ProviderDirectory(List.of(Provider.sim(Provider.SIM)), List.of(), Map.of());
    try (Advisor advisor = new Advisor(empty, "auto", AdvisorTest::tls)) {
      Advice advice = Objects.requireNonNull(advisor.advise(HARDWARE, THREE));
      assertByFormula(advice);
      assertThat(advice.failure()).contains("'auto'", "configure one");
    }
  }
}
