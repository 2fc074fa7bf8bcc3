package io.iir.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ChatRequest;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a stream of OpenAI's chunks for a client of the Messages API. */
class MessageEncoderTest {

  private static final String REQUEST =
      """
      {"model":"p/m","max_tokens":9,"stream":true,"stop_sequences":["END"],\
      "messages":[{"role":"user","content":"Hi"}]}\
      """;

  private static final String USAGE =
      """
      {"id":"chatcmpl-1","model":"m","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":7,\
      "prompt_tokens_details":{"cached_tokens":20,"cache_write_tokens":4}}}\
      """;

  private static ChatRequest request() {
    return new RequestReader("messages", UnaryOperator.identity())
        .read(REQUEST.getBytes(StandardCharsets.UTF_8));
  }

  private static String delta(String delta) {
    return """
    {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":%s,"finish_reason":null}]}\
    """
        .formatted(delta);
  }

  private static String finish(String reason) {
    return """
    {"id":"chatcmpl-1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"%s"}]}\
    """
        .formatted(reason);
  }

  private static String stream(String... data) {
    StringBuilder events = new StringBuilder();
    for (String each : data) {
      events.append("data: ").append(each).append("\n\n");
    }
    return events.toString();
  }

  private static String encode(byte[]... pieces) {
    MessageEncoder encoder = new MessageEncoder(request());
    StringBuilder all = new StringBuilder();
    for (byte[] piece : pieces) {
      ByteBuf in = Unpooled.copiedBuffer(piece);
      add(encoder.encode(in), all);
      assertThat(in.refCnt()).isZero();
    }
    add(encoder.end(), all);
    encoder.close();
    return all.toString();
  }

  private static void add(@Nullable ByteBuf out, StringBuilder all) {
    if (out != null) {
      all.append(out.toString(StandardCharsets.UTF_8));
      out.release();
    }
  }

  private static String encode(String stream) {
    return encode(stream.getBytes(StandardCharsets.UTF_8));
  }

  /** The events' data; each event's name is checked to be its type. */
  private static List<JsonNode> events(String stream) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : stream.strip().split("\n\n", -1)) {
      String[] lines = event.split("\n");
      assertThat(lines).hasSize(2);
      JsonNode data = Gateway.json(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.path("type").asText());
      events.add(data);
    }
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(each -> each.path("type").asText()).toList();
  }

  /** The blocks that the official clients would put together. */
  private static List<String> blocks(List<JsonNode> events) {
    Map<Integer, String> blocks = new TreeMap<>();
    for (JsonNode event : events) {
      int index = event.path("index").asInt();
      if (event.path("type").asText().equals("content_block_start")) {
        ObjectNode block = event.path("content_block").deepCopy();
        assertThat(blocks).doesNotContainKey(index).hasSize(index);
        String name = block.path("name").asText("");
        blocks.put(index, block.path("type").asText() + (name.isEmpty() ? "" : " " + name) + ":");
      }
      JsonNode delta = event.path("delta");
      if (event.path("type").asText().equals("content_block_delta")) {
        String piece =
            delta.path("text").asText("")
                + delta.path("thinking").asText("")
                + delta.path("partial_json").asText("");
        blocks.merge(index, piece, String::concat);
      }
    }
    return List.copyOf(blocks.values());
  }

  @Test
  void streamsText() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"role\":\"assistant\",\"content\":\"\"}"),
                    delta("{\"content\":\"Hel\"}"),
                    delta("{\"content\":\"lo\"}"),
                    finish("stop"),
                    USAGE,
                    "[DONE]")));

    assertThat(types(events))
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    JsonNode message = events.getFirst().path("message");
    assertThat(message.path("id").asText()).isEqualTo("msg_1");
    assertThat(message.path("model").asText()).isEqualTo("m");
    assertThat(message.path("role").asText()).isEqualTo("assistant");
    assertThat(message.at("/usage/input_tokens").asInt()).isPositive();
    assertThat(blocks(events)).containsExactly("text:Hello");
    JsonNode end = events.get(5);
    assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
    assertThat(end.path("usage"))
        .isEqualTo(
            Gateway.json(
                """
                {"input_tokens":6,"cache_creation_input_tokens":4,"cache_read_input_tokens":20,"output_tokens":7}\
                """));
  }

  @Test
  void streamsThinkingThenText() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"role\":\"assistant\",\"reasoning_content\":\"Hm\"}"),
                    delta("{\"reasoning_content\":\", yes\",\"content\":null}"),
                    delta(
                        "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"\",\"signature\":\"c2ln\"}]}"),
                    delta("{\"content\":\"Yes\"}"),
                    finish("length"),
                    USAGE,
                    "[DONE]")));

    assertThat(blocks(events)).containsExactly("thinking:Hm, yes", "text:Yes");
    assertThat(events)
        .filteredOn(each -> each.at("/delta/type").asText().equals("signature_delta"))
        .singleElement()
        .satisfies(each -> assertThat(each.at("/delta/signature").asText()).isEqualTo("c2ln"));
    assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
        .isEqualTo("max_tokens");
  }

  @Test
  void streamsParallelToolCallsOneAfterTheOther() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"content\":\"Look\"}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}"),
                    delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":1,\"id\":\"call_b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}"),
                    finish("tool_calls"),
                    USAGE,
                    "[DONE]")));

    assertThat(blocks(events))
        .containsExactly("text:Look", "tool_use f:{\"a\":1}", "tool_use g:{}");
    assertThat(types(events))
        .containsSubsequence(
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta");
    assertThat(events)
        .extracting(each -> each.at("/content_block/id").asText())
        .contains("call_a", "call_b");
    assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
        .isEqualTo("tool_use");
  }

  @Test
  void keepsMixedToolCallsApart() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta(
                        """
                        {"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}},\
                        {"index":1,"id":"b","function":{"name":"g","arguments":""}}]}\
                        """),
                    delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{\\\"b\\\":2\"}}]}"),
                    delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}"),
                    delta("{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"}\"}}]}"),
                    finish("stop"),
                    "[DONE]")));

    assertThat(blocks(events)).containsExactly("tool_use f:{}", "tool_use g:{\"b\":2}");
    assertThat(types(events)).filteredOn("content_block_stop"::equals).hasSize(2);
    assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
        .isEqualTo("tool_use");
  }

  @Test
  void tellsUnnumberedCallsApartByTheirIds() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta(
                        "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]}"),
                    "[DONE]")));

    assertThat(blocks(events)).containsExactly("tool_use f:{}", "tool_use f:{\"x\":1}");
    assertThat(events.get(1).at("/content_block/extra_content/google/thought_signature").asText())
        .isEqualTo("c2ln");
  }

  @Test
  void waitsForAToolsName() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\\\"x\\\"\"}}]}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\":1}\"}}]}"),
                    "[DONE]")));

    assertThat(blocks(events)).containsExactly("tool_use f:{\"x\":1}");
  }

  @Test
  void endsByAStopSequenceWhereTheServerSaysIt() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"content\":\"x\"}"),
                    "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"stop_reason\":\"END\"}]}",
                    "[DONE]")));

    JsonNode end = events.get(events.size() - 2);
    assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(end.at("/delta/stop_sequence").asText()).isEqualTo("END");
    assertThat(end.at("/usage/output_tokens").asInt()).isPositive();
  }

  @Test
  void pingsWhereTheStreamIsKeptAlive() {
    assertThat(types(events(encode(": keep-alive\n\n" + stream(delta("{\"content\":\"x\"}"))))))
        .containsExactly("ping", "message_start", "content_block_start", "content_block_delta");
  }

  @Test
  void tellsAFailureAndNothingAfterIt() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"content\":\"x\"}"),
                    "{\"error\":{\"message\":\"gone\",\"type\":\"server_error\",\"code\":\"provider_timeout\",\"param\":null}}",
                    delta("{\"content\":\"y\"}"),
                    "[DONE]")));

    assertThat(events.getLast())
        .isEqualTo(
            Gateway.json(
                "{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"gone\"}}"));
    assertThat(types(events)).doesNotContain("message_stop");
  }

  @Test
  void doesNotEndAStreamThatWasCut() {
    assertThat(types(events(encode(stream(delta("{\"content\":\"x\"}"), finish("stop"))))))
        .doesNotContain("message_delta", "message_stop");
  }

  @Test
  void sendsAnthropicsOwnEventsAsTheyAre() {
    String start = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_9\", \"x\": 1.50}}";
    String stop = "{\"message\":{\"type\":\"no\"},\"type\":\"message_stop\"}";

    assertThat(
            encode(
                stream(
                    "{\"id\":\"msg_9\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}],\"anthropic_event\":"
                        + start
                        + "}",
                    "{\"id\":\"msg_9\",\"choices\":[],\"anthropic_event\": " + stop + "}",
                    "[DONE]")))
        .isEqualTo(
            "event: message_start\ndata: %s\n\nevent: message_stop\ndata: %s\n\n"
                .formatted(start, stop));
  }

  @Test
  void putsHalvesOfCharactersTogether() {
    List<JsonNode> events =
        events(
            encode(
                stream(
                    delta("{\"content\":\"a\\ud83d\"}"),
                    delta("{\"content\":\"\\ude00b\\ude00\"}"),
                    "[DONE]")));

    assertThat(blocks(events)).containsExactly("text:a😀b\uFFFD");
  }

  @Test
  void doesNotDependOnHowManyEventsComeAtOnce() {
    byte[] all =
        (": keep-alive\n\n"
                + stream(
                    delta("{\"reasoning_content\":\"Grübeln …\"}"),
                    delta("{\"content\":\"日本語 😀\"}"),
                    delta(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"ü\\\":\\\"}\\\"}\"}}]}"),
                    finish("tool_calls"),
                    USAGE,
                    "[DONE]"))
            .getBytes(StandardCharsets.UTF_8);
    String whole = encode(all);
    assertThat(blocks(events(whole)))
        .containsExactly("thinking:Grübeln …", "text:日本語 😀", "tool_use f:{\"ü\":\"}\"}");
    String[] events = new String(all, StandardCharsets.UTF_8).split("(?<=\n\n)");
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      List<byte[]> pieces = new ArrayList<>();
      int from = 0;
      while (from < events.length) {
        int to = Math.min(events.length, from + 1 + random.nextInt(3));
        String piece = String.join("", Arrays.copyOfRange(events, from, to));
        pieces.add(piece.getBytes(StandardCharsets.UTF_8));
        from = to;
      }
      assertThat(encode(pieces.toArray(byte[][]::new))).isEqualTo(whole);
    }
  }

  @Test
  void readsCarriageReturnsAndSplitData() {
    String chunk = delta("{\"content\":\"x\"}");
    int comma = chunk.indexOf(',') + 1;
    String events =
        "event: chunk\r\ndata: %s\r\ndata:%s\r\n\r\n"
            .formatted(chunk.substring(0, comma), chunk.substring(comma));

    assertThat(blocks(events(encode(events)))).containsExactly("text:x");
  }
}
