package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Classifier;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What clients and operators see of what requests ask for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class ClassificationIT {

  private static final String CODE = "Write a Python function that merges two sorted lists.";
  private static final String UNCLEAR =
      "Translate or summarize the equation in this poem about Python.";

  private Gateway gateway;
  @TempDir Path folder;

  @BeforeAll
  void start() {
    gateway = Gateway.start("iir.classify.threshold=0.9");
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
  }

  private static String body(String text) {
    return """
    {"model": "sim/echo", "messages": [{"role": "user", "content": "%s"}]}\
    """
        .formatted(text);
  }

  private static String told(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("X-Classification").orElseThrow();
  }

  private String version() {
    return gateway.bean(Classifier.class).version();
  }

  private double counted(String category, int stage) {
    return gateway
        .get("/metrics")
        .body()
        .lines()
        .filter(line ->
            line.startsWith(
                "iir_classifications_total{category=\"%s\",stage=\"%d\"}"
                    .formatted(category, stage)))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void theHeaderSaysHowSureAndHowHardAndWhoTold() {
    assertThat(told(gateway.chat(body(CODE))))
        .matches(
            "coding;confidence=(0\\.9[0-9]|1\\.00);complexity=0\\.[0-9]{2};stage=1;version="
                + version());
  }

  @Test
  void theShapeIsStageZeroAndSure() {
    String tools =
        """
        {"model": "sim/echo", "messages": [{"role": "user", "content": "hi"}],
         "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}\
        """;
    assertThat(told(gateway.chat(tools)))
        .startsWith("function_calling;confidence=1.00;")
        .endsWith(";stage=0;version=" + version());
  }

  @Test
  void whatIsNotClearIsGeneralChat() {
    assertThat(told(gateway.chat(body(UNCLEAR))))
        .startsWith("general_chat;confidence=0.")
        .endsWith(";default");
  }

  @Test
  void whatIsNotClearIsWhatTheClientSays() {
    assertThat(told(gateway.chat(body(UNCLEAR), "x-default-category", "math")))
        .startsWith("math;confidence=0.")
        .endsWith(";default");
    assertThat(told(gateway.chat(body(CODE), "x-default-category", "math")))
        .startsWith("coding;")
        .doesNotContain("default");
  }

  @ParameterizedTest
  @CsvSource({"cooking", "vision", "CODING", "'coding, math'", "''"})
  void anotherWordIsRefused(String word) {
    HttpResponse<String> answer = gateway.chat(body(CODE), "x-default-category", word);
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(error.path("message").asText())
        .isEqualTo(
            "The header X-Default-Category must be one of simple_chat, general_chat, coding,"
                + " analysis, creative_writing, summarization, translation, math.");
    assertThat(error.path("param").asText()).isEqualTo("x-default-category");
  }

  @Test
  void explainSaysWhatItLooksLikeMost() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/api/v1/explain", "Content-Type", "application/json")
                .header("x-default-category", "math")
                .POST(BodyPublishers.ofString(body(UNCLEAR)))
                .build());
    JsonNode told = Gateway.json(answer.body()).path("classification");
    assertThat(told.path("category").asText()).isEqualTo("math");
    assertThat(told.path("default").asBoolean()).isTrue();
    assertThat(told.path("likely").asText()).isNotEqualTo("math");
    assertThat(told.path("stage").asInt()).isEqualTo(1);
    assertThat(told.path("version").asText()).isEqualTo(version());
    assertThat(answer.headers().firstValue("X-Classification")).isEmpty();
  }

  @Test
  void eachIsCounted() {
    double before = counted("coding", 1);
    gateway.chat(body(CODE));
    assertThat(counted("coding", 1)).isEqualTo(before + 1);
    assertThat(gateway.get("/metrics").body())
        .contains("iir_classifications_total{category=\"math\",stage=\"2\"} 0.0");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages,"
        + " '{\"model\":\"sim/echo\",\"max_tokens\":9,\"system\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}'",
    "/v1/responses, '{\"model\":\"sim/echo\",\"instructions\":\"%s\",\"input\":\"%s\"}'"
  })
  void theSystemPromptIsReadInOtherApis(String path, String form) {
    String system = "You are a translator. Translate everything the user writes into Spanish.";
    String ask = "The keys are under the mat by the back door.";
    String chat =
        """
        {"model": "sim/echo", "messages": [{"role": "system", "content": "%s"},
         {"role": "user", "content": "%s"}]}\
        """
            .formatted(system, ask);
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request(path, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(form.formatted(system, ask)))
                .build());
    assertThat(told(answer)).isEqualTo(told(gateway.chat(chat)));
    assertThat(told(answer)).isNotEqualTo(told(gateway.chat(body(ask))));
  }

  @Test
  void aBrokenFileStopsNothing(CapturedOutput console) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.iir"), "IIRCLASS, or not");
    try (Gateway other = Gateway.startIn(folder.resolve("data"), "iir.classify.model=" + broken)) {
      assertThat(console.getOut())
          .contains("  WARNING: Rules alone tell what requests ask for: " + broken)
          .containsPattern("WARN.*Rules alone tell what requests ask for[.] " + broken);
      JsonNode health = Gateway.json(other.get("/health").body());
      assertThat(health.path("status").asText()).isEqualTo("degraded");
      assertThat(health.path("components").path("classifier"))
          .isEqualTo(
              Gateway.json(
                  """
                  {"status": "degraded", "version": "rules", "reason": "foreign"}\
                  """));
      assertThat(other.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(told(other.chat(body(CODE))))
          .startsWith("coding;")
          .endsWith("stage=0;version=rules");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenStopsNothing() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("classifier"), "a file where the folder should be");
    try (Gateway other = Gateway.startIn(data)) {
      JsonNode told =
          Gateway.json(other.get("/health").body()).path("components").path("classifier");
      assertThat(told.path("status").asText()).isEqualTo("ok");
      assertThat(told(other.chat(body(CODE)))).contains(";stage=1;version=1-");
    }
  }
}
