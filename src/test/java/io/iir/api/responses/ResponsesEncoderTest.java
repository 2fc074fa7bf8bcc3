package io.iir.api.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Chunks;
import io.iir.testing.Gateway;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chat's chunks become a response's events. */
class ResponsesEncoderTest {

  private static final String DONE = "[DONE]";

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final ResponsesApi api = new ResponsesApi();

  private static String delta(String delta) {
    return "{\"id\":\"c1\",\"created\":7,\"model\":\"real\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":null}]}"
        .formatted(delta);
  }

  private static String finish(String reason) {
    return "{\"id\":\"c1\",\"created\":7,\"model\":\"real\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}"
        .formatted(reason);
  }

  /** What the client gets of {@code events}, of which {@code together} come at once. */
  private String encode(String request, int together, List<String> events) {
    StreamEncoder encoder = api.encoder(api.read(request.getBytes(UTF_8), "application/json"));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < events.size(); i += together) {
      String piece = String.join("", events.subList(i, Math.min(events.size(), i + together)));
      ByteBuf in = allocator.buffer().writeBytes(piece.getBytes(UTF_8));
      ByteBuf out = encoder.encode(in);
      assertThat(in.refCnt()).isZero();
      if (out != null) {
        all.append(out.toString(UTF_8));
        out.release();
      }
    }
    assertThat(encoder.end()).isNull();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    return all.toString();
  }

  private List<JsonNode> eventsFor(String request, String... data) {
    List<String> chunks = List.of(data).stream().map(Chunks::event).toList();
    return parse(encode(request, 1, chunks));
  }

  private List<JsonNode> events(String... data) {
    return eventsFor("{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}", data);
  }

  /** The data of each event, whose name is its type and whose number is its place. */
  private static List<JsonNode> parse(String stream) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : stream.strip().split("\n\n", -1)) {
      String[] lines = event.split("\n");
      assertThat(lines).hasSize(2);
      JsonNode data = Gateway.json(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.path("type").asText());
      assertThat(data.path("sequence_number").asInt()).isEqualTo(events.size());
      events.add(data);
    }
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.path("type").asText().replace("response.", ""))
        .toList();
  }

  private static String joined(List<JsonNode> events, String type) {
    return events.stream()
        .filter(event -> event.path("type").asText().equals("response." + type))
        .map(event -> event.path("delta").asText())
        .collect(Collectors.joining());
  }

  @Test
  void aTextIsAMessage() {
    List<JsonNode> events =
        events(
            delta("{\"role\":\"assistant\",\"content\":\"\"}"),
            delta("{\"content\":\"Hi \"}"),
            delta("{\"content\":\"\\\"you\\\" 😀\\n\"}"),
            finish("stop"),
            Chunks.usage(5, 2),
            DONE);
    assertThat(types(events))
        .containsExactly(
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "completed");
    assertThat(joined(events, "output_text.delta")).isEqualTo("Hi \"you\" 😀\n");
    String id = events.get(2).at("/item/id").asText();
    assertThat(events.subList(3, 8)).allMatch(event -> event.path("item_id").asText().equals(id));
    assertThat(events.get(2).at("/item/content")).isEmpty();
    assertThat(events.get(6).path("text").asText()).isEqualTo("Hi \"you\" 😀\n");
    assertThat(events.get(7).at("/part/text").asText()).isEqualTo("Hi \"you\" 😀\n");

    JsonNode response = events.getLast().path("response");
    assertThat(response.path("status").asText()).isEqualTo("completed");
    assertThat(response.path("output").get(0)).isEqualTo(events.get(8).path("item"));
    assertThat(response.at("/usage/total_tokens").asInt()).isEqualTo(7);
    assertThat(response.path("id")).isEqualTo(events.getFirst().at("/response/id"));
    assertThat(response.path("model").asText()).isEqualTo("real");
    assertThat(events.getFirst().at("/response/status").asText()).isEqualTo("in_progress");
    assertThat(events.getFirst().at("/response/usage").isNull()).isTrue();
  }

  @Test
  void parallelCallsAreItemsOfTheirOwnEvenWhereTheirPiecesTakeTurns() {
    List<JsonNode> events =
        events(
            delta("{\"content\":\"Wait\"}"),
            delta(call(0, "c0", "f", "")),
            delta(call(1, "c1", "g", "")),
            delta(piece(0, "{\\\"a\\\":")),
            delta(piece(1, "{\\\"b\\\":")),
            delta(piece(0, "1}")),
            delta(piece(1, "2}")),
            finish("tool_calls"),
            DONE);
    assertThat(types(events).subList(7, events.size()))
        .containsExactly(
            "output_item.done",
            "output_item.added",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.delta",
            "function_call_arguments.delta",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "function_call_arguments.done",
            "output_item.done",
            "completed");
    JsonNode output = events.getLast().at("/response/output");
    assertThat(output.at("/1/arguments").asText()).isEqualTo("{\"a\":1}");
    assertThat(output.at("/1/call_id").asText()).isEqualTo("c0");
    assertThat(output.at("/1/name").asText()).isEqualTo("f");
    assertThat(output.at("/2/arguments").asText()).isEqualTo("{\"b\":2}");
    assertThat(output).extracting(item -> item.path("status").asText()).containsOnly("completed");
  }

  @Test
  void callsWithoutAnIndexAreTakenApartByTheirNames() {
    List<JsonNode> events =
        events(
            delta(
                """
                {"tool_calls":[{"function":{"name":"f","arguments":"{}"}},{"function":{"name":"g","arguments":"{}"}}]}\
                """),
            finish("stop"),
            DONE);
    JsonNode output = events.getLast().at("/response/output");
    assertThat(output).extracting(item -> item.path("name").asText()).containsExactly("f", "g");
    assertThat(output.at("/0/call_id").asText()).isNotEqualTo(output.at("/1/call_id").asText());
  }

  @Test
  void argumentsBeforeANameAreNotLostNorDoubled() {
    List<JsonNode> events =
        events(
            delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"arguments\":\"{\"}}]}"),
            delta(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"}\"}}]}"),
            finish("tool_calls"),
            DONE);
    assertThat(joined(events, "function_call_arguments.delta")).isEqualTo("{}");
    assertThat(events.get(2).at("/item/arguments").asText()).isEmpty();
  }

  @Test
  void customToolsGetTheirInput() {
    List<JsonNode> events =
        events(
            delta(
                """
                {"tool_calls":[{"index":0,"id":"c","type":"custom","custom":{"name":"patch","input":"*** "}}]}\
                """),
            delta("{\"tool_calls\":[{\"index\":0,\"custom\":{\"input\":\"End\"}}]}"),
            finish("tool_calls"),
            DONE);
    assertThat(joined(events, "custom_tool_call_input.delta")).isEqualTo("*** End");
    assertThat(events.getLast().at("/response/output/0/type").asText())
        .isEqualTo("custom_tool_call");
    assertThat(events.getLast().at("/response/output/0/input").asText()).isEqualTo("*** End");
  }

  @Test
  void reasoningIsContentUnlessASummaryIsAskedFor() {
    String[] chunks = {
      delta("{\"reasoning_content\":\"Hm, \"}"),
      delta("{\"reasoning_content\":\"well\"}"),
      delta("{\"content\":\"Hi\"}"),
      finish("stop"),
      DONE
    };
    assertThat(types(events(chunks)).subList(2, 8))
        .containsExactly(
            "output_item.added",
            "content_part.added",
            "reasoning_text.delta",
            "reasoning_text.delta",
            "reasoning_text.done",
            "content_part.done");
    List<JsonNode> summary =
        eventsFor("{\"model\":\"m\",\"input\":\"a\",\"reasoning\":{\"summary\":\"auto\"}}", chunks);
    assertThat(types(summary).subList(2, 8))
        .containsExactly(
            "output_item.added",
            "reasoning_summary_part.added",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.done",
            "reasoning_summary_part.done");
    assertThat(joined(summary, "reasoning_summary_text.delta")).isEqualTo("Hm, well");
    assertThat(summary.getLast().at("/response/output/0/summary/0/text").asText())
        .isEqualTo("Hm, well");
  }

  @Test
  void signedReasoningIsPutTogether() {
    List<JsonNode> events =
        events(
            delta(
                """
                {"reasoning_content":"a","reasoning_details":[{"type":"reasoning.text","text":"a","index":0}]}\
                """),
            delta(
                """
                {"reasoning_content":"b","reasoning_details":[{"type":"reasoning.text","text":"b","index":0}]}\
                """),
            delta(
                "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"s\",\"index\":0}]}"),
            delta("{\"content\":\"Hi\"}"),
            finish("stop"),
            DONE);
    String token = events.getLast().at("/response/output/0/encrypted_content").asText();
    assertThat(ReasoningToken.unpack(token))
        .isEqualTo(
            Gateway.json(
                "[{\"type\":\"reasoning.text\",\"text\":\"ab\",\"index\":0,\"signature\":\"s\"}]"));
  }

  @Test
  void aRefusalHasEventsOfItsOwn() {
    List<JsonNode> events =
        events(delta("{\"refusal\":\"No\"}"), delta("{\"refusal\":\".\"}"), finish("stop"), DONE);
    assertThat(types(events).subList(3, 8))
        .containsExactly(
            "content_part.added",
            "refusal.delta",
            "refusal.delta",
            "refusal.done",
            "content_part.done");
    assertThat(events.getLast().at("/response/output/0/content/0/refusal").asText())
        .isEqualTo("No.");
  }

  @Test
  void aCutAnswerIsIncomplete() {
    List<JsonNode> events = events(delta("{\"content\":\"Once\"}"), finish("length"), DONE);
    assertThat(types(events)).endsWith("output_item.done", "incomplete");
    assertThat(events.getLast().at("/response/incomplete_details/reason").asText())
        .isEqualTo("max_output_tokens");
    assertThat(events.getLast().at("/response/output/0/status").asText()).isEqualTo("incomplete");
  }

  @Test
  void logprobsGoWithTheirText() {
    String chunk =
        """
        {"choices":[{"index":0,"delta":{"content":"%s"},"logprobs":{"content":[{"token":"%s","logprob":-0.5,"bytes":null,"top_logprobs":[]}],"refusal":null}}]}\
        """;
    List<JsonNode> events =
        events(chunk.formatted("a", "a"), chunk.formatted("b", "b"), finish("stop"), DONE);
    assertThat(events.get(4).at("/logprobs/0/token").asText()).isEqualTo("a");
    assertThat(events.getLast().at("/response/output/0/content/0/logprobs"))
        .extracting(each -> each.path("token").asText())
        .containsExactly("a", "b");
  }

  @Test
  void aFailureIsToldTwiceAndNothingFollows() {
    List<JsonNode> events =
        events(
            delta("{\"content\":\"Hi\"}"),
            "{\"error\":{\"message\":\"it"
                + " broke\",\"type\":\"server_error\",\"param\":null,\"code\":\"provider_error\"}}",
            DONE);
    assertThat(types(events)).endsWith("error", "failed").doesNotContain("completed");
    JsonNode error = events.get(events.size() - 2);
    assertThat(error.path("code").asText()).isEqualTo("provider_error");
    assertThat(error.path("message").asText()).isEqualTo("it broke");
    assertThat(error.path("param").isNull()).isTrue();
    JsonNode failed = events.getLast().path("response");
    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.path("error"))
        .isEqualTo(Gateway.json("{\"code\":\"provider_error\",\"message\":\"it broke\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"error\":\"plain\"}", "{\"error\":{\"code\":500,\"message\":\"plain\"}}"})
  void failuresOfOtherFormsAreTold(String failure) {
    List<JsonNode> events = events(failure);
    assertThat(types(events)).containsExactly("created", "in_progress", "error", "failed");
    assertThat(events.get(2).path("message").asText()).isEqualTo("plain");
    assertThat(events.getLast().at("/response/error/message").asText()).isEqualTo("plain");
  }

  @Test
  void aStreamThatBreaksOffLooksNotComplete() {
    assertThat(types(events(delta("{\"content\":\"Hi\"}"), finish("stop"))))
        .endsWith("output_item.done");
  }

  @Test
  void commentsPass() {
    assertThat(encode("{\"model\":\"m\",\"input\":\"a\"}", 1, List.of(": keep-alive\n\n")))
        .isEqualTo(": keep-alive\n\n");
  }

  @Test
  void whatIsNoChunkEndsTheStream() {
    assertThat(
            encode(
                "{\"model\":\"m\",\"input\":\"a\"}",
                1,
                List.of("data: {\"cut\n\n", "event: x\n\n")))
        .contains("event: error\n", "no JSON object", "event: response.failed\n");
  }

  @Test
  void itIsAllTheSameHoweverManyEventsComeAtOnce() {
    List<String> chunks =
        List.of(
            Chunks.event(delta("{\"reasoning_content\":\"Hm\"}")),
            "data: " + delta("{\"content\":\"Hi\"}") + "\r\n\r\n",
            "data:"
                + delta("{\"content\":\" é漢😀\"}").replace(",\"choices\"", ",\ndata: \"choices\"")
                + "\n\n",
            Chunks.event(delta(call(0, "c0", "f", "{}"))),
            Chunks.event(finish("tool_calls")),
            Chunks.event(Chunks.usage(1, 2)),
            Chunks.DONE);
    String request = "{\"model\":\"m\",\"input\":\"a\"}";
    List<String> all =
        IntStream.rangeClosed(1, chunks.size())
            .mapToObj(together ->
                encode(request, together, chunks)
                    .replaceAll("[0-9a-f]{48}", "id")
                    .replaceAll("\"completed_at\":\\d+", "\"completed_at\":0"))
            .toList();
    assertThat(all).allMatch(all.getFirst()::equals);
    assertThat(joined(parse(all.getFirst()), "output_text.delta")).isEqualTo("Hi é漢😀");
  }

  private static String call(int index, String id, String name, String arguments) {
    return """
    {"tool_calls":[{"index":%d,"id":"%s","type":"function","function":{"name":"%s","arguments":"%s"}}]}\
    """
        .formatted(index, id, name, arguments);
  }

  private static String piece(int index, String arguments) {
    return """
    {"tool_calls":[{"index":%d,"function":{"arguments":"%s"}}]}\
    """
        .formatted(index, arguments);
  }
}
