package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ChatRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the judge and the other model are asked, and how a verdict is read. */
class JudgePromptTest {

  private static final ChatRequest REQUEST =
      ChatRequest.parse(
          """
          {"model": "auto/cost", "stream": true, "stream_options": {"include_usage": true},
           "user": "joe", "safety_identifier": "j", "prompt_cache_key": "j", "metadata": {"a": "b"}, "store": true, "max_tokens": 9, "seed": 7,
           "messages": [
             {"role": "user", "content": [{"type": "text", "text": "One "},
                                          {"type": "text", "text": "two?"}]},
             {"role": "assistant", "content": "Three."},
             {"role": "user", "content": "And then?"}]}
          """
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void theOtherModelIsAskedTheSameWithoutItsClientsName() {
    ObjectNode same = JudgePrompt.same(REQUEST, "p/strong");
    assertThat(same.properties())
        .extracting(field -> field.getKey())
        .containsExactlyInAnyOrder("model", "max_tokens", "seed", "messages");
    assertThat(same.path("model").asText()).isEqualTo("p/strong");
    assertThat(same.path("messages")).hasSize(3);
  }

  @Test
  void theJudgeReadsTheConversationAndBothResponses() {
    ObjectNode chat = JudgePrompt.compare(REQUEST, "j/judge", "first", "second");
    assertThat(chat.path("model").asText()).isEqualTo("j/judge");
    assertThat(chat.at("/messages/0/role").asText()).isEqualTo("system");
    assertThat(chat.at("/messages/0/content").asText()).isEqualTo(JudgePrompt.TASK);
    assertThat(chat.at("/messages/1/content").asText())
        .isEqualTo(
            """
            [The Start of the Conversation]
            user: One two?

            assistant: Three.

            user: And then?

            [The End of the Conversation]

            [The Start of Assistant A's Response]
            first
            [The End of Assistant A's Response]

            [The Start of Assistant B's Response]
            second
            [The End of Assistant B's Response]

            """);
  }

  @ParameterizedTest
  @CsvSource({
    "Both are good. [[C]], TIE",
    "[[A]], A",
    "I first thought [[A]] and now say [[B]]., B",
    "[A], UNREADABLE",
    "[[D]], UNREADABLE",
    "'', UNREADABLE"
  })
  void theLastVerdictCounts(String answer, JudgePrompt.Verdict verdict) {
    assertThat(JudgePrompt.verdict(answer)).isEqualTo(verdict);
  }

  @Test
  void theDocumentShowsTheTask() throws IOException {
    assertThat(Files.readString(Path.of("docs/CLASSIFICATION.md")))
        .contains("> " + JudgePrompt.TASK);
  }
}
