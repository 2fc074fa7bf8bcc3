package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatChunkReaderTest {

  private final ChatChunkReader chunk = new ChatChunkReader();

  private ChatChunkReader read(String data) {
    byte[] bytes = ("data: " + data + "\n\n").getBytes(UTF_8);
    chunk.read(bytes, 6, bytes.length - 8);
    return chunk;
  }

  private void assertSaysNothing() {
    assertThat(chunk.hasContent()).isFalse();
    assertThat(chunk.contentTokens()).isZero();
    assertThat(chunk.finishReason()).isNull();
    assertThat(chunk.usage()).isNull();
    assertThat(chunk.isError()).isFalse();
    assertThat(chunk.isDone()).isFalse();
  }

  @Test
  void openAi() {
    read(
        """
        {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"a"}\
        """);
    assertSaysNothing();
    assertThat(chunk.choicesEmpty()).isFalse();
    read(
        """
        {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" Hello"},"logprobs":null,"finish_reason":null}],"usage":null}\
        """);
    assertThat(chunk.hasContent()).isTrue();
    assertThat(chunk.contentTokens()).isEqualTo(1);
    read(
        """
        {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}\
        """);
    assertThat(chunk.finishReason()).isEqualTo("stop");
    assertThat(chunk.hasContent()).isFalse();
    read(
        """
        {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}}\
        """);
    assertThat(chunk.usage()).isEqualTo(new Usage(9, 2, 11, 4));
    assertThat(chunk.choicesEmpty()).isTrue();
    assertThat(chunk.finishReason()).isNull();
    assertThat(read("[DONE]").isDone()).isTrue();
  }

  @Test
  void aWholeAnswersMessagesAreReadWhereThatIsWanted() {
    String whole =
        """
        {"choices":[{"index":0,"message":{"role":"assistant","content":"one two three",\
        "reasoning_content":"four five","tool_calls":[{"id":"call_99","type":"function",\
        "function":{"name":"six","arguments":"{\\"seven\\":8}"}}]},"finish_reason":"stop"},\
        {"index":1,"message":{"role":"assistant","content":"nine"},"finish_reason":"stop"}]}\
        """;
    assertThat(read(whole).contentTokens()).isZero();
    chunk.readWithMessages(whole.getBytes(UTF_8));
    assertThat(chunk.contentTokens())
        .isEqualTo(
            Stream.of("one two three", "four five", "six", "{\"seven\":8}", "nine")
                .mapToInt(TokenEstimatorTest::estimate)
                .sum());
    assertThat(chunk.finishReason()).isEqualTo("stop");
    assertThat(read(whole).contentTokens()).as("the next event").isZero();
  }

  @Test
  void llamaCpp() {
    read(
        """
        {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1,"id":"chatcmpl-2","model":"smol","system_fingerprint":"b1","object":"chat.completion.chunk"}\
        """);
    assertSaysNothing();
    read(
        """
        {"choices":[],"created":1,"id":"chatcmpl-2","model":"smol","object":"chat.completion.chunk","usage":{"completion_tokens":8,"prompt_tokens":31,"total_tokens":39},"timings":{"prompt_n":31}}\
        """);
    assertThat(chunk.usage()).isEqualTo(new Usage(31, 8, 39, 0));
    read("{\"error\":{\"code\":500,\"message\":\"x\",\"type\":\"server_error\"}}");
    assertThat(chunk.isError()).isTrue();
  }

  @Test
  void vllmReasoningAndUsageOnEveryChunk() {
    read(
        """
        {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"reasoning_content":"Let me think"},"logprobs":null,"finish_reason":null,"token_ids":null}],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3}}\
        """);
    assertThat(chunk.hasContent()).isTrue();
    assertThat(chunk.contentTokens()).isEqualTo(3);
    assertThat(chunk.usage()).isEqualTo(new Usage(5, 3, 8, 0));
    assertThat(chunk.choicesEmpty()).isFalse();
  }

  @Test
  void groqAndOpenRouterTellUsageInTheFinishChunk() {
    read(
        """
        {"id":"c","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.01,"prompt_tokens":7,"completion_tokens":9,"total_tokens":16}}}\
        """);
    assertThat(chunk.finishReason()).isEqualTo("length");
    assertThat(chunk.usage()).isEqualTo(new Usage(7, 9, 16, 0));
    read(
        """
        {"id":"gen-1","provider":"X","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"end_turn"}],"usage":{"prompt_tokens":7,"completion_tokens":9,"total_tokens":16,"cost":0.001}}\
        """);
    assertThat(chunk.finishReason()).isEqualTo("stop");
    assertThat(chunk.usage()).isEqualTo(new Usage(7, 9, 16, 0));
    assertThat(chunk.hasContent()).isFalse();
    read(
        """
        {"id":"gen-1","error":{"code":"server_error","message":"gone"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}\
        """);
    assertThat(chunk.isError()).isTrue();
    assertThat(chunk.finishReason()).isEqualTo("error");
  }

  @Test
  void ollamaToolCall() {
    read(
        """
        {"id":"chatcmpl-3","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_9","index":0,"type":"function","function":{"name":"get_weather","arguments":"{\\"city\\":\\"Rome\\"}"}}]},"finish_reason":null}]}\
        """);
    assertThat(chunk.hasContent()).isTrue();
    assertThat(chunk.contentTokens()).isBetween(6, 12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}",
        "{\"choices\":[{\"delta\":{\"refusal\":\"no\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"so\"}}]}",
        "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"{\"}}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
        "{\"choices\":[{\"delta\":{\"audio\":{\"data\":\"AA==\"}}}]}",
        "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}}]}",
        "{\"choices\":[{\"text\":\"legacy\"}]}",
        "{\"choices\":[{\"delta\":{}},{\"delta\":{\"content\":\"second\"}}]}"
      })
  void knowsContentInEveryForm(String data) {
    assertThat(read(data).hasContent()).isTrue();
    assertThat(chunk.contentTokens()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"choices\":null,\"usage\":null,\"error\":null}",
        "{\"choices\":[]}",
        "{\"choices\":{\"delta\":{\"content\":\"x\"}}}",
        "{\"choices\":[null,5,[]]}",
        "{\"choices\":[{\"delta\":null,\"finish_reason\":null}]}",
        "{\"choices\":[{\"delta\":[],\"finish_reason\":{\"a\":[]}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[],\"content\":null,\"audio\":null}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":null,\"function_call\":null}}]}"
      })
  void survivesWhatSaysNothing(String data) {
    read("{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
    read(data);
    assertSaysNothing();
    assertThat(chunk.isMalformed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ": comment",
        "[]",
        "null",
        "[DONE",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"",
        "{]",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],}",
        "text",
        "{\"usage\":{\"prompt_tokens\":1},"
      })
  void saysThatDataIsMalformedAndNothingElse(String data) {
    assertThat(read(data).isMalformed()).isTrue();
    assertSaysNothing();
    assertThat(chunk.choicesEmpty()).isTrue();
  }

  @Test
  void doneMayHaveBlanksAroundIt() {
    assertThat(read(" [DONE] \r").isDone()).isTrue();
    assertThat(read("[DONE]x").isDone()).isFalse();
  }
}
