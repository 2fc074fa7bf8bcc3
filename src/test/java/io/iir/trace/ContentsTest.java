package io.iir.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a span holds of a conversation never gets longer than it may. */
class ContentsTest {

  @Test
  void textsOfAllForms() {
    String body =
        """
        {"model":"m","tools":[{"messages":[{"role":"user","content":"no"}]}],"messages":[
          {"content":"Be brief","role":"system"},
          {"role":"user","content":[
            {"type":"image_url","image_url":{"url":"data:,x"}},{"type":"text","text":"Hello"},
            {"type":"text","text":"there"}]},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f"}}]}],
         "stream":false}
        """;
    assertThat(input(body))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"system","parts":[{"type":"text","content":"Be brief"}]},
                 {"role":"user","parts":[{"type":"text","content":"Hello"},
                                         {"type":"text","content":"there"}]},
                 {"role":"assistant","parts":[]}]
                """));
  }

  @Test
  void eachChoiceOfAnAnswer() {
    Contents contents = new Contents();
    contents.whole(
        bytes(
            """
            {"choices":[
              {"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"},
              {"index":1,"finish_reason":"length","message":{"content":"Hello"}}]}
            """));
    assertThat(Gateway.json(contents.output("stop")))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"assistant","parts":[{"type":"text","content":"Hi"}],
                  "finish_reason":"stop"},
                 {"role":"assistant","parts":[{"type":"text","content":"Hello"}],
                  "finish_reason":"length"}]
                """));
  }

  @Test
  void aLongAnswerIsCutAndStillSaysWhyItEnded() {
    Contents contents = new Contents();
    contents.whole(
        bytes(
            "{\"choices\":[{\"message\":{\"content\":\"%s\"},\"finish_reason\":\"length\"}]}"
                .formatted("x".repeat(2 * Contents.MOST))));
    JsonNode choice = Gateway.json(contents.output("length")).path(0);
    assertThat(choice.at("/parts/0/content").asText())
        .hasSize(Contents.MOST - 2 * MessageTexts.FRAME);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"user\",\"content\":\"\"}",
        "{\"role\":\"user\",\"content\":\"Hello there, I have a question to ask you\"}",
        "{\"role\":\"user\",\"content\":[{\"text\":\"\"},{\"text\":\"\"},{\"text\":\"\"}]}",
        "{\"role\":\"a role that is longer than any role that there is, and longer still\"}"
      })
  void manyMessagesAreNotAllTaken(String message) {
    String body = "{\"messages\":[%s]}".formatted((message + ",").repeat(100_000) + message);

    String shown = new Contents().input(bytes(body));

    assertThat(shown.length()).isBetween(Contents.MOST / 2, 3 * Contents.MOST);
    assertThat(Gateway.json(shown)).allMatch(each -> each.path("role").asText().length() <= 32);
  }

  @Test
  void manyPartsAreNotAllTaken() {
    String parts = "{\"type\":\"text\",\"text\":\"\"},".repeat(100_000);
    String body =
        "{\"messages\":[{\"content\":[%s{\"text\":\"\"}],\"role\":\"user\"}]}".formatted(parts);

    JsonNode shown = input(body);

    assertThat(shown.at("/0/parts")).hasSizeLessThan(Contents.MOST / MessageTexts.FRAME);
    assertThat(shown.at("/0/role").asText()).isEqualTo("user");
  }

  @Test
  void whatIsNoJsonEndsWhereItIsNone() {
    assertThat(input("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{]}"))
        .first()
        .isEqualTo(
            Gateway.json("{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}"));
    assertThat(input("")).isEmpty();
    assertThat(input("[1]")).isEmpty();
  }

  private static JsonNode input(String body) {
    return Gateway.json(new Contents().input(bytes(body)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
