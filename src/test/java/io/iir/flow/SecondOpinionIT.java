package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Classifier;
import io.iir.classify.encoder.Bounds;
import io.iir.classify.encoder.FakeStage;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.classify.encoder.SecondOpinions.State;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.support.GenericApplicationContext;

/** What clients and operators see of a second stage. */
@Timeout(120)
class SecondOpinionIT {

  private static final String UNCLEAR =
      """
      {"model": "sim/echo", "max_tokens": 9, "messages": [{"role": "user",
       "content": "Translate or summarize the equation in this poem about Python."}]}\
      """;

  private final FakeStage stage = new FakeStage();
  private Gateway gateway;

  @BeforeEach
  void start() {
    stage.opens = new CountDownLatch(1);
    gateway = Gateway.startWith(this::beans, "iir.classify.encoder-below=1");
  }

  private void beans(GenericApplicationContext context) {
    context.registerBean(
        "fakeOpinions",
        SecondOpinions.class,
        () ->
            new SecondOpinions(
                stage,
                context.getBean(Classifier.class).version(),
                new Bounds(Duration.ofMinutes(1), 1, 10)),
        bean -> bean.setPrimary(true));
  }

  @AfterEach
  void stop() throws IOException {
    stage.opens.countDown();
    gateway.close();
  }

  private void opened(State state) {
    stage.opens.countDown();
    await().until(() -> gateway.bean(SecondOpinions.class).state() == state);
  }

  private HttpResponse<String> post(String path) {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(path, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(UNCLEAR))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private double counted() {
    return gateway
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("iir_classifications_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private JsonNode health() {
    return Gateway.json(gateway.get("/health").body());
  }

  @Test
  void clientsAndExplainAreToldTheSame() {
    opened(State.READY);
    JsonNode explained = Gateway.json(post("/api/v1/explain").body()).path("classification");
    assertThat(explained.path("category").asText()).isEqualTo("creative_writing");
    assertThat(explained.path("stage").asInt()).isEqualTo(2);
    assertThat(post("/v1/chat/completions").headers().firstValue("X-Classification").orElseThrow())
        .startsWith("creative_writing;confidence=1.00;")
        .contains(";stage=2;");
    assertThat(gateway.get("/metrics").body())
        .contains("iir_classifications_total{category=\"creative_writing\",stage=\"2\"} 1.0");
    assertThat(counted()).isEqualTo(1);
    assertThat(stage.texts).as("read once, then kept").hasSize(1);
  }

  @Test
  void aCountOfTokensIsNeitherReadNorCounted() {
    opened(State.READY);
    assertThat(Gateway.json(post("/v1/messages/count_tokens").body()).path("input_tokens").asInt())
        .isPositive();
    assertThat(stage.texts).isEmpty();
    assertThat(counted()).isZero();
    post("/v1/messages");
    assertThat(stage.texts).hasSize(1);
    assertThat(counted()).isEqualTo(1);
  }

  @Test
  void healthSaysWhatHasBecomeOfIt() {
    assertThat(health().at("/components/encoder/status").asText()).isEqualTo("opening");
    opened(State.READY);
    assertThat(health().at("/components/encoder")).isEqualTo(Gateway.json("{\"status\":\"ok\"}"));
    assertThat(health().path("status").asText()).isEqualTo("ok");
  }

  @Test
  void healthIsDegradedWhereItIsBroken() {
    stage.openFails = new IOException("the encoder's head is damaged: its checksum is wrong");
    opened(State.BROKEN);
    assertThat(health().at("/components/encoder/status").asText()).isEqualTo("broken");
    assertThat(health().path("status").asText()).isEqualTo("degraded");
    assertThat(post("/v1/chat/completions").headers().firstValue("X-Classification").orElseThrow())
        .contains(";stage=1;");
  }

  @Test
  void healthSaysNothingOfOneThatIsNotThere() throws IOException {
    try (Gateway without = Gateway.start()) {
      assertThat(Gateway.json(without.get("/health").body()).path("components").has("encoder"))
          .isFalse();
    }
  }
}
