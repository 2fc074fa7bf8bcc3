package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {

  private final ChatChunkReader chunk = new ChatChunkReader();

  private @Nullable Usage find(String answer) {
    byte[] bytes = answer.getBytes(UTF_8);
    chunk.read(bytes, 0, bytes.length);
    return chunk.usage();
  }

  @Test
  void readsAWholeAnswer() {
    String answer =
        """
        {
          "id": "chatcmpl-1", "object": "chat.completion",
          "choices": [{"index": 0, "message": {"role": "assistant",
            "content": "say \\"usage\\": {\\"prompt_tokens\\":1} twice"}, "finish_reason": "stop"}],
          "usage" : {
            "prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
            "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 64}
          }
        }
        """;
    assertThat(find(answer)).isEqualTo(new Usage(2006, 300, 2306, 1920));
  }

  @Test
  void readsAnEventWithinABuffer() {
    String event = "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}";
    byte[] buffer = ("\"usage\":{" + event + "}}").getBytes(UTF_8);
    chunk.read(buffer, 9, event.length());
    assertThat(chunk.usage()).isEqualTo(new Usage(5, 7, 12, 0));
  }

  @Test
  void readsEmbeddingsResponsesAndGroq() {
    assertThat(find("{\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"))
        .isEqualTo(new Usage(8, 0, 8, 0));
    assertThat(
            find(
                "{\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":2}}}"))
        .isEqualTo(new Usage(3, 4, 7, 2));
    assertThat(
            find(
                "{\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"prompt_tokens_details\":null}}}"))
        .isEqualTo(new Usage(3, 4, 7, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[DONE]",
        "{\"usage\":null}",
        "{\"usage\":{}}",
        "{\"usage\":{\"completion_tokens\":5}}",
        "{\"usage\":{\"prompt_tokens\":-1}}",
        "{\"usage\":{\"prompt_tokens\":\"5\"}}",
        "{\"usage\":{\"prompt_tokens\":[5]}}",
        "{\"usage\":{\"prompt_tokens\":5.5}}",
        "{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":99999999999}}",
        "{\"usage\":{\"prompt_tokens\":5",
        "{\"usage\":{\"prompt_tokens\":5}",
        "{\"usage\":{\"prompt_tokens\":5} x}",
        "{\"usage\":{",
        "{\"usage\"",
        "{\"usage\" : ",
        "[{\"usage\":{\"prompt_tokens\":5}}]",
        "\"usage\":{\"prompt_tokens\":5}",
        "{\"deep\":{\"usage\":{\"prompt_tokens\":5}}}",
        "{\"x_groq\":5,\"a\":{\"usage\":{}}}",
        "{\"text\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":5}\"}"
      })
  void saysNothingWhereThereIsNone(String data) {
    assertThat(find(data)).isNull();
  }
}
