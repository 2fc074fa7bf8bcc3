package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionReplayerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String COMPLETION =
      """
      {"id":"c1","object":"chat.completion","created":7,"model":"gpt","system_fingerprint":null,
       "choices":[{"index":0,"message":{"role":"assistant","content":"Twenty characters... and more","refusal":null},
         "logprobs":null,"finish_reason":"stop"}],
       "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
      """;

  /** The data of each event of a stream. */
  private static List<String> events(byte[] stream) {
    String text = new String(stream, UTF_8);
    assertThat(text).endsWith("data: [DONE]\n\n");
    List<String> events = Stream.of(text.split("\n\n", -1)).filter(e -> !e.isEmpty()).toList();
    assertThat(events).allMatch(event -> event.startsWith("data: ") && event.indexOf('\n') < 0);
    return events.stream().map(event -> event.substring(6)).toList();
  }

  private static JsonNode assemble(byte[] stream) throws Exception {
    CompletionAssembler assembler = new CompletionAssembler();
    events(stream).forEach(event -> assembler.add(event.getBytes(UTF_8)));
    return JSON.readTree(assembler.toJson());
  }

  @Test
  void streamsAnAnswer() {
    String head =
        "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"gpt\",\"system_fingerprint\":null,\"choices\":[";
    assertThat(events(CompletionReplayer.replay(COMPLETION.getBytes(UTF_8))))
        .containsExactly(
            head
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"finish_reason\":null}]}",
            head
                + "{\"index\":0,\"delta\":{\"content\":\"Twenty"
                + " characters...\"},\"finish_reason\":null}]}",
            head + "{\"index\":0,\"delta\":{\"content\":\" and more\"},\"finish_reason\":null}]}",
            head + "{\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\",\"delta\":{}}]}",
            "[DONE]");
  }

  @Test
  void tellsUsageToThoseWhoAsked() throws Exception {
    List<String> events = events(CompletionReplayer.replayWithUsage(COMPLETION.getBytes(UTF_8)));
    assertThat(events).hasSize(6);
    for (String event : events.subList(0, 4)) {
      assertThat(event).endsWith(",\"usage\":null}");
    }
    JsonNode last = JSON.readTree(events.get(4));
    assertThat(last.path("choices").isArray()).isTrue();
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.at("/usage/total_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void aLongAnswerTakesLittleMoreAsAStream() {
    byte[] answer =
        """
        {"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},\
        "finish_reason":"stop"}]}\
        """
            .formatted("word ".repeat(200_000))
            .getBytes(UTF_8);
    assertThat(CompletionReplayer.replay(answer)).hasSizeLessThan(answer.length * 6 / 5);
  }

  @Test
  void neverCutsACharacter() {
    String content = "x" + "😀".repeat(30);
    List<String> pieces = ChunkWriter.pieces(content);
    assertThat(String.join("", pieces)).isEqualTo(content);
    assertThat(pieces)
        .hasSizeBetween(3, 4)
        .noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
  }

  @Test
  void withoutUsageTheRestIsTheSame() throws Exception {
    ObjectNode expected = (ObjectNode) JSON.readTree(COMPLETION);
    expected.remove("usage");
    assertThat(assemble(CompletionReplayer.replay(COMPLETION.getBytes(UTF_8)))).isEqualTo(expected);
  }

  @Test
  void noChunkIsWithoutChoicesUnlessUsageIsAskedFor() throws Exception {
    byte[] completion = COMPLETION.replace("\"usage\":", "\"timings\":").getBytes(UTF_8);
    List<String> events = events(CompletionReplayer.replay(completion));
    for (String event : events.subList(0, events.size() - 1)) {
      assertThat(JSON.readTree(event).path("choices")).hasSize(1);
    }
    assertThat(assemble(CompletionReplayer.replay(completion)))
        .isEqualTo(JSON.readTree(completion));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\":\"x\",\"choices\":[]}", "{\"odd\":[1],\"choices\":[{}]}"})
  void survivesOddCompletions(String completion) {
    assertThat(events(CompletionReplayer.replayWithUsage(completion.getBytes(UTF_8))))
        .endsWith("[DONE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"a\"", "null"})
  void refusesWhatIsNoCompletion(String completion) {
    assertThatThrownBy(() -> CompletionReplayer.replay(completion.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @RepeatedTest(300)
  void assemblingAReplayGivesTheCompletionBack(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    ObjectNode completion = JSON.createObjectNode();
    completion.put("id", "chatcmpl-" + random.nextInt()).put("object", "chat.completion");
    completion.put("created", 1 + random.nextInt(1_000_000)).put("model", text(random, 8) + "m");
    for (int i = 0; i <= random.nextInt(3); i++) {
      completion.withArray("choices").add(choice(random, i));
    }
    if (random.nextBoolean()) {
      completion.putObject("usage").put("prompt_tokens", 5).put("completion_tokens", 6);
    }
    if (random.nextBoolean()) {
      completion.put("system_fingerprint", "fp").putObject("timings").put("n", 1.5);
    }
    byte[] stream = CompletionReplayer.replayWithUsage(JSON.writeValueAsBytes(completion));
    assertThat(assemble(stream)).isEqualTo(completion);
  }

  private static ObjectNode choice(Random random, int index) {
    ObjectNode choice = JSON.createObjectNode().put("index", index);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.put("content", random.nextInt(4) == 0 ? null : text(random, 90));
    for (String field : new String[] {"refusal", "reasoning_content", "reasoning"}) {
      if (random.nextInt(3) == 0) {
        message.put(field, random.nextInt(3) == 0 ? null : text(random, 50));
      }
    }
    if (random.nextInt(3) == 0) {
      message.putArray("annotations").addObject().put("type", "url_citation");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      ObjectNode call = message.withArray("tool_calls").addObject();
      if (random.nextInt(4) == 0) {
        call.put("id", "call_" + i).put("type", "custom");
        call.putObject("custom").put("name", "f" + i).put("input", text(random, 60));
      } else {
        call.put("id", "call_" + i).put("type", "function");
        call.putObject("function").put("name", "f" + i).put("arguments", text(random, 60));
      }
    }
    if (random.nextInt(4) == 0) {
      message.putObject("function_call").put("name", "g").put("arguments", text(random, 60));
    }
    if (random.nextBoolean()) {
      choice
          .putObject("logprobs")
          .putNull("refusal")
          .putArray("content")
          .addObject()
          .put("token", "a");
    }
    return choice.put("finish_reason", random.nextBoolean() ? "stop" : "tool_calls");
  }

  private static String text(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    String[] some = {"word ", "é", "漢字", "😀", "\n", "\"", "\\", "data: ", "\u2028", "{", "x"};
    int length = random.nextInt(longest);
    while (text.length() < length) {
      text.append(some[random.nextInt(some.length)]);
    }
    return text.toString();
  }
}
