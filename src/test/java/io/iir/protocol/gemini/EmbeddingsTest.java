package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.backend.AnswerTranslator;
import io.iir.openai.ApiException;
import io.iir.openai.Operation;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {

  private static final String MODEL = "gemini-embedding-001";

  private static WireCall call(String members) {
    return Calls.embeddings(MODEL, Calls.GEMINI, members);
  }

  private static JsonNode answer(WireCall call, String file) {
    AnswerTranslator translator = Objects.requireNonNull(call.translator());
    return Gateway.json(new String(translator.whole(200, Answers.file(file)), UTF_8));
  }

  @Test
  void asksForEachText() {
    WireCall call = call("\"input\":[\"a\",\"b\"],\"user\":\"u\",\"dimensions\":256");

    assertThat(call.path()).isEqualTo("/models/gemini-embedding-001:batchEmbedContents");
    assertThat(call.dropped()).containsExactly("user");
    assertThat(Calls.json(call))
        .isEqualTo(
            Gateway.json(
                """
                {"requests":[
                 {"model":"models/gemini-embedding-001","content":{"role":"user",
                  "parts":[{"text":"a"}]},"outputDimensionality":256},
                 {"model":"models/gemini-embedding-001","content":{"role":"user",
                  "parts":[{"text":"b"}]},"outputDimensionality":256}]}\
                """));
  }

  @Test
  void asksVertexByItsOwnMethod() {
    WireCall call =
        Calls.embeddings(
            MODEL, Calls.VERTEX, "\"input\":\"a\",\"dimensions\":2,\"task_type\":\"CLUSTERING\"");

    assertThat(call.path()).isEqualTo("/models/gemini-embedding-001:predict");
    assertThat(Calls.json(call))
        .isEqualTo(
            Gateway.json(
                """
                {"instances":[{"content":"a","task_type":"CLUSTERING"}],
                 "parameters":{"outputDimensionality":2}}\
                """));
  }

  @Test
  void asksVertexForOneTextOfGeminisModels() {
    assertThatThrownBy(() -> Calls.embeddings(MODEL, Calls.VERTEX, "\"input\":[\"a\",\"b\"]"))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.error().status()).isEqualTo(400);
              assertThat(refused.error().param()).isEqualTo("input");
              assertThat(refused).hasMessageContaining("has 2 texts", "one a call");
            });
    assertThat(
            Calls.json(
                    Calls.embeddings("text-embedding-005", Calls.VERTEX, "\"input\":[\"a\",\"b\"]"))
                .path("instances"))
        .hasSize(2);
  }

  @Test
  void answersAsOpenAiDoes() {
    assertThat(answer(call("\"input\":[\"a\",\"b\"]"), "embeddings.json"))
        .isEqualTo(
            Gateway.json(
                """
                {"object":"list","data":[
                 {"object":"embedding","index":0,"embedding":[0.5138951,0.857853]},
                 {"object":"embedding","index":1,"embedding":[-0.5045317,-0.8633931]}],
                 "model":"gemini-embedding-001","usage":{"prompt_tokens":12,"total_tokens":12}}\
                """));
  }

  @Test
  void answersInBase64() {
    JsonNode answer =
        answer(call("\"input\":\"a\",\"encoding_format\":\"base64\""), "embeddings-plain.json");

    byte[] bytes =
        Base64.getDecoder().decode(answer.path("data").path(0).path("embedding").asText());
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes).hasSize(16);
    assertThat(floats.getFloat()).isEqualTo(-0.020920176f);
    assertThat(floats.getFloat(12)).isEqualTo(9.4052295e-05f);
  }

  @Test
  void estimatesTokensThatAreNotTold() {
    assertThat(
            answer(call("\"input\":\"a\""), "embeddings-plain.json")
                .path("usage")
                .path("prompt_tokens")
                .asInt())
        .isEqualTo(42);
    assertThat(
            answer(call("\"input\":\"a\""), "embeddings-vertex.json")
                .path("usage")
                .path("prompt_tokens")
                .asInt())
        .isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input | \"input\":[1,2]",
        "input | \"input\":[[1,2]]",
        "input | \"input\":[]",
        "input | \"user\":\"u\"",
        "encoding_format | \"input\":\"a\",\"encoding_format\":\"int8\"",
      })
  void refusesWhatItCannotCarry(String param, String members) {
    ApiException refusal = Assertions.catchThrowableOfType(ApiException.class, () -> call(members));

    assertThat(refusal.error().param()).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"embeddings\":[]}", "{\"embeddings\":[{}]}", "x"})
  void isNotAnything(String body) {
    AnswerTranslator translator = new EmbeddingsTranslator(MODEL, 1, false);

    assertThatThrownBy(() -> translator.whole(200, body.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsErrorsAndHasNoStream() {
    AnswerTranslator translator = new EmbeddingsTranslator(MODEL, 1, false);
    ByteBuf wire = Unpooled.copiedBuffer("x", UTF_8);

    assertThat(new String(translator.whole(404, Answers.file("error-model.json")), UTF_8))
        .contains("model_not_found");
    assertThat(translator.isStream("text/event-stream")).isFalse();
    assertThat(translator.end()).isNull();
    assertThatThrownBy(() -> translator.events(wire)).isInstanceOf(IllegalStateException.class);
    assertThat(wire.refCnt()).isZero();
  }

  @Test
  void refusesOtherOperations() {
    GeminiProtocol protocol = new GeminiProtocol();
    Calls.PlainRequest request = new Calls.PlainRequest(Operation.RERANK, "{}".getBytes(UTF_8));

    assertThatThrownBy(() -> protocol.call(request, Calls.target(MODEL, Calls.GEMINI)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("rerank");
  }
}
