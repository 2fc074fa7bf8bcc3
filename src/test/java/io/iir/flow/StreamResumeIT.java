package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.flow.engine.GatewayServer;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Behaviour;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that breaks off, and another target that goes on with it. */
class StreamResumeIT {

  private static final String ASK =
      """
      {"model":"auto","stream":true,"max_tokens":100,"stream_options":{"include_usage":true},\
      "messages":[{"role":"user","content":"Hello"}]%s}\
      """;

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    first = new FakeProvider(call -> call.json(500, "{}"));
    second = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider(
                    "first",
                    first.baseUrl(),
                    "timeouts.first-token=500ms",
                    "timeouts.between-tokens=300ms"),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {
                  "iir.stream.keep-alive=100ms",
                  "iir.backend.resume=true",
                  "iir.breaker.minimum-calls=1000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  @BeforeEach
  void forget() {
    first.calls().clear();
    second.calls().clear();
    second.behave(StreamResumeIT::goOn);
  }

  private static void goOn(Call call) throws IOException {
    call.beginStream();
    call.event(chunk("other", "\"role\":\"assistant\",\"content\":\"\"", "null"));
    call.event(chunk("other", "\"content\":\" the lazy\"", "null"));
    call.event(chunk("other", "\"content\":\" dog\"", "null"));
    call.event(chunk("other", "", "\"stop\""));
    call.event(Chunks.usage(20, 3));
    call.event("[DONE]");
    call.endChunks();
  }

  private static String chunk(String id, String delta, String reason) {
    return """
    {"id":"%s","object":"chat.completion.chunk","created":7,"model":"%s-model","choices":[\
    {"index":0,"delta":{%s},"finish_reason":%s}]}\
    """
        .formatted(id, id, delta, reason);
  }

  private static void begin(Call call) throws IOException {
    call.beginStream();
    call.event(chunk("one", "\"role\":\"assistant\",\"content\":\"\"", "null"));
    call.event(chunk("one", "\"content\":\"It jumps\"", "null"));
    call.event(chunk("one", "\"content\":\" over \"", "null"));
  }

  private static Behaviour begunAnd(Behaviour end) {
    return call -> {
      begin(call);
      end.answer(call);
    };
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of("closes", (Behaviour) Call::close),
        Arguments.of("resets", (Behaviour) Call::reset),
        Arguments.of("ends unfinished", (Behaviour) Call::endChunks),
        Arguments.of("hangs", (Behaviour) Call::awaitLeaving),
        Arguments.of("sends nonsense", (Behaviour) call -> call.event("{\"cho")),
        Arguments.of(
            "reports an error",
            (Behaviour) call -> call.event("{\"error\":{\"message\":\"overloaded\"}}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void theSecondGoesOnWhereTheFirstBrokeOff(String name, Behaviour end) throws Exception {
    first.behave(begunAnd(end));
    List<JsonNode> chunks = chunks(ask(""));
    assertThat(contentOf(chunks)).isEqualTo("It jumps over the lazy dog");
    assertThat(chunks).allMatch(chunk -> chunk.path("id").asText().equals("one"));
    assertThat(chunks)
        .filteredOn(chunk -> !chunk.path("choices").isEmpty())
        .allMatch(chunk -> chunk.path("model").asText().equals("one-model"));
    assertThat(chunks).filteredOn(chunk -> chunk.at("/choices/0/delta").has("role")).hasSize(1);
    assertThat(chunks)
        .filteredOn(chunk -> chunk.at("/choices/0/finish_reason").isTextual())
        .hasSize(1);
  }

  @Test
  void theSecondIsShownWhatTheClientHasSeen() throws Exception {
    first.behave(begunAnd(Call::close));
    List<JsonNode> chunks = chunks(ask(""));
    JsonNode asked = Gateway.json(second.call().body());
    JsonNode last = asked.path("messages").get(1);
    assertThat(asked.path("messages")).hasSize(2);
    assertThat(last.path("role").asText()).isEqualTo("assistant");
    assertThat(last.path("content").asText()).isEqualTo("It jumps over");
    assertThat(asked.path("continue_final_message").asBoolean()).isTrue();
    assertThat(asked.path("add_generation_prompt").asBoolean(true)).isFalse();
    assertThat(asked.path("max_tokens").asInt()).isLessThan(100);
    JsonNode usage = chunks.getLast().path("usage");
    assertThat(usage.path("prompt_tokens").asInt()).isGreaterThan(20);
    assertThat(usage.path("completion_tokens").asInt()).isGreaterThan(3);
    assertThat(usage.path("total_tokens").asInt())
        .isEqualTo(usage.path("prompt_tokens").asInt() + usage.path("completion_tokens").asInt());
  }

  @Test
  void anAnswerOfTwoModelsIsNotKept() throws Exception {
    first.behave(begunAnd(Call::close));
    ask(",\"seed\":1");
    ask(",\"seed\":1");
    assertThat(second.calls()).hasSize(2);
  }

  @Test
  void aSecondThatFailsEndsTheStreamWithAnError() throws Exception {
    first.behave(begunAnd(Call::close));
    second.behave(call -> call.json(400, "{\"error\":{\"message\":\"no prefill\"}}"));
    String rest = ask("");
    assertThat(rest).contains("It jumps").contains("no prefill").doesNotContain("[DONE]");
  }

  @Test
  void aSecondThatAnswersAWholeGoesOnToo() throws Exception {
    first.behave(begunAnd(Call::close));
    second.behave(call -> call.completion("the lazy dog", 5, 3));
    List<JsonNode> chunks = chunks(ask(""));
    assertThat(contentOf(chunks)).isEqualTo("It jumps over the lazy dog");
    assertThat(chunks).allMatch(chunk -> chunk.path("id").asText().equals("one"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"n\":2",
        ",\"response_format\":{\"type\":\"json_object\"}",
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"
      })
  void whatIsMoreThanTextIsNotGoneOnWith(String field) throws Exception {
    first.behave(begunAnd(Call::close));
    String rest = ask(field);
    assertThat(rest).contains("\"code\":\"provider_error\"").doesNotContain("[DONE]");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void aStreamThatReasonsIsNotGoneOnWith() throws Exception {
    first.behave(call -> {
      call.beginStream();
      call.event(chunk("one", "\"reasoning_content\":\"Let me see\"", "null"));
      call.close();
    });
    assertThat(ask("")).contains("\"code\":\"provider_error\"");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void theReportedErrorIsTheClientsWhereNobodyGoesOn() throws Exception {
    first.behave(begunAnd(call -> call.event("{\"error\":{\"message\":\"overloaded\"}}")));
    String rest = ask(",\"n\":2");
    assertThat(rest).endsWith("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
  }

  @Test
  void aClientThatHasSeenOnlyCommentsGetsTheSecondsWholeAnswer() throws Exception {
    first.behave(Call::awaitLeaving);
    List<JsonNode> chunks = chunks(ask(",\"tools\":[{\"type\":\"function\"}]"));
    assertThat(contentOf(chunks)).isEqualTo(" the lazy dog");
    assertThat(chunks)
        .filteredOn(chunk -> chunk.has("choices"))
        .first()
        .matches(chunk -> chunk.path("id").asText().equals("other"));
    assertThat(Gateway.json(second.call().body()).path("messages")).hasSize(1);
  }

  @Test
  void aClientThatLeavesEndsTheSecondCallToo() throws Exception {
    first.behave(begunAnd(Call::close));
    second.behave(call -> {
      call.beginStream();
      call.event(chunk("other", "\"content\":\" the\"", "null"));
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.chat(gateway, ASK.formatted(""))) {
      client.status();
      await().until(() -> second.calls().size() == 1);
    }
    assertThat(second.call().left()).succeedsWithin(java.time.Duration.ofSeconds(5));
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
  }

  private static String ask(String more) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ASK.formatted(more))) {
      assertThat(client.status()).isEqualTo(200);
      return client.rest();
    }
  }

  /** The events of a stream that has come to its end. */
  private static List<JsonNode> chunks(String stream) {
    assertThat(stream).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    List<JsonNode> chunks = new ArrayList<>();
    stream
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> chunks.add(Gateway.json(line.substring(6))));
    return chunks;
  }

  private static String contentOf(List<JsonNode> chunks) {
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
    return text.toString();
  }
}
