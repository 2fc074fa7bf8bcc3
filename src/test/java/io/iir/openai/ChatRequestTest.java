package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {

  private static ChatRequest parse(String json) {
    return ChatRequest.parse(json.getBytes(UTF_8));
  }

  /** A request with {@code more} fields. */
  private static ChatRequest with(String more) {
    return parse(
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],%s}"
            .formatted(more));
  }

  /** The text kept of {@code messages}. */
  private static String text(String messages) {
    return parse("{\"model\":\"m\",\"messages\":[%s]}".formatted(messages)).text();
  }

  @Test
  void readsTheLeastThereCanBe() {
    String json =
        "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world!\"}]}";
    ChatRequest request = parse(json);
    assertThat(request.model()).isEqualTo("sim/echo");
    assertThat(request.stream()).isFalse();
    assertThat(request.includeUsage()).isFalse();
    assertThat(request.maxTokens()).isEqualTo(-1);
    assertThat(request.n()).isEqualTo(1);
    assertThat(request.temperature()).isNull();
    assertThat(request.hasTools()).isFalse();
    assertThat(request.hasImages()).isFalse();
    assertThat(request.jsonMode()).isFalse();
    assertThat(request.messageCount()).isEqualTo(1);
    assertThat(request.text()).isEqualTo("Hello, world!");
    assertThat(request.promptTokens()).isEqualTo(4 + TokenEstimator.MESSAGE);
    assertThat(request.size()).isEqualTo(json.length());
    assertThat(request.toString()).doesNotContain("Hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null                    | 0 |
          []                      | 0 |
          ["a/b:free","c"]        | 2 | a/b:free,c
          ["a",{"b":["c"]},7,"d"] | 4 | a,,,d
          {"a":["b"]}             | 1 | ''
          "a"                     | 1 | ''
          """)
  void readsTheModelsThatAProviderMayTakeInstead(String json, int count, @Nullable String names) {
    assertThat(with("\"models\":" + json).fallbacks())
        .hasSize(count)
        .containsExactlyElementsOf(names == null ? List.of() : List.of(names.split(",", -1)));
  }

  @Test
  void namesNoMoreFallbacksThanThereMayBe() {
    List<String> many = Collections.nCopies(100, "\"m\"");
    assertThat(with("\"models\":[%s]".formatted(String.join(",", many))).fallbacks())
        .hasSize(ChatRequest.MAX_FALLBACKS + 1)
        .last()
        .isEqualTo("");
    String longName = "m".repeat(ChatRequest.MAX_MODEL + 1);
    assertThat(with("\"models\":[\"%s\"]".formatted(longName)).fallbacks()).containsExactly("");
  }

  @Test
  void readsAFullRequestWhateverTheOrderOfItsFields() {
    ChatRequest request =
        parse(
            """
            {
              "tools": [{"type": "function", "function": {"name": "get_weather"}}],
              "response_format": {"json_schema": {"name": "x", "type": "no"}, "type": "json_schema"},
              "messages": [
                {"role": "system", "content": "Be brief."},
                {"content": [{"type": "text", "text": "What is"},
                             {"image_url": {"url": "data:image/png;base64,AAAA"}, "type": "image_url"},
                             {"text": "this? 😀", "type": "text"}], "role": "user"},
                {"role": "assistant", "content": null, "tool_calls": [
                  {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
              ],
              "user": "u-1", "temperature": 0.25, "n": 3, "max_tokens": 7,
              "max_completion_tokens": 9, "stream_options": {"x": [1], "include_usage": true},
              "stream": true, "model": "a\\u0062c", "unknown": {"deep": [[{}]]}
            }
            """);
    assertThat(request.model()).isEqualTo("abc");
    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
    assertThat(request.maxTokens()).isEqualTo(9);
    assertThat(request.n()).isEqualTo(3);
    assertThat(request.temperature()).isEqualTo(0.25, within(0.0));
    assertThat(request.hasTools()).isTrue();
    assertThat(request.hasImages()).isTrue();
    assertThat(request.jsonMode()).isTrue();
    assertThat(request.messageCount()).isEqualTo(4);
    assertThat(request.text()).isEqualTo("What is\nthis? 😀");
    assertThat(request.promptTokens())
        .isBetween(TokenEstimator.IMAGE + 30, TokenEstimator.IMAGE + 90);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "max_tokens":5                              | 5
          "max_completion_tokens":6                   | 6
          "max_tokens":5,"max_completion_tokens":6    | 6
          "max_tokens":5,"max_completion_tokens":null | 5
          "max_tokens":0                              | -1
          "max_tokens":-3                             | -1
          "max_tokens":2.5                            | -1
          "max_tokens":"8"                            | -1
          "max_tokens":[8]                            | -1
          "max_tokens":99999999999                    | 2147483647
          "max_tokens":999999999999999999999999999999 | 2147483647
          "max_tokens":-99999999999                   | -1
          """)
  void readsTheLimitOfTheAnswer(String field, int expected) {
    assertThat(with(field).maxTokens()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":0",
        "\"n\":null",
        "\"n\":\"2\"",
        "\"temperature\":\"hot\"",
        "\"temperature\":1e999",
        "\"tools\":[]",
        "\"tools\":null",
        "\"tools\":{\"a\":1}",
        "\"functions\":[]",
        "\"response_format\":{\"type\":\"text\"}",
        "\"response_format\":null",
        "\"response_format\":{\"type\":{\"type\":\"json_object\"}}",
        "\"user\":5",
        "\"user\":{}",
        "\"stream\":null",
        "\"stream_options\":null",
        "\"stream_options\":{}",
        "\"stream_options\":{\"include_usage\":null}",
        "\"stream\":false",
        "\"top_p\":[[1]]"
      })
  void whatSaysNothingIsAsIfAbsent(String field) {
    ChatRequest request = with(field);
    assertThat(request.n()).isEqualTo(1);
    assertThat(request.temperature()).isNull();
    assertThat(request.hasTools()).isFalse();
    assertThat(request.jsonMode()).isFalse();
    assertThat(request.stream()).isFalse();
    assertThat(request.includeUsage()).isFalse();
  }

  @Test
  void knowsToolsOfBothFormsAndBothJsonModes() {
    assertThat(with("\"functions\":[{\"name\":\"f\"}]").hasTools()).isTrue();
    assertThat(with("\"tools\":[{}],\"functions\":[]").hasTools()).isTrue();
    assertThat(with("\"response_format\":{\"type\":\"json_object\"}").jsonMode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image_url", "input_image", "image"})
  void seesImages(String type) {
    String part = "{\"type\":\"%s\",\"image_url\":{\"url\":\"https://x/y.png\"}}".formatted(type);
    ChatRequest request =
        parse(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}"
                .formatted(part));
    assertThat(request.hasImages()).isTrue();
    assertThat(request.promptTokens()).isEqualTo(TokenEstimator.MESSAGE + TokenEstimator.IMAGE);
    assertThat(request.text()).isEmpty();
  }

  @Test
  void keepsTheTextOfTheLastUserMessage() {
    assertThat(
            text(
                """
                {"role":"user","content":"first"},{"content":"second","role":"user"},
                {"role":"assistant","content":"no"},{"role":"x-unknown","content":"no"},{}
                """))
        .isEqualTo("second");
    assertThat(text("{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":null}"))
        .isEmpty();
    assertThat(text("{\"role\":\"system\",\"content\":\"a\"}")).isEmpty();
    assertThat(text("{\"role\":[\"user\"],\"content\":\"a\"}")).isEmpty();
    assertThat(text("{\"role\":\"user\",\"content\":[\"a\",[{}],{\"text\":5},{\"text\":\"b\"}]}"))
        .isEqualTo("b");
  }

  @Test
  void keepsBothEndsOfALongText() {
    String document = "é".repeat(ChatRequest.MAX_TEXT);
    String part = "{\"type\":\"text\",\"text\":\"" + document + "\"}";
    String question = "{\"type\":\"text\",\"text\":\"Summarize this. 😀\"}";
    assertThat(text("{\"role\":\"user\",\"content\":[" + part + "," + question + "]}"))
        .hasSize(ChatRequest.MAX_TEXT)
        .startsWith("éé")
        .endsWith("é\nSummarize this. 😀");
    assertThat(text("{\"role\":\"user\",\"content\":\"" + document + "\"}")).isEqualTo(document);
  }

  @Test
  void countsEveryMessageAndWhatToolsSayButNoImageData() {
    String data = "\"data:image/png;base64," + "A".repeat(50_000) + "\"";
    ChatRequest request =
        parse(
            """
            {"model":"m","messages":[
              {"role":"user","content":[{"type":"input_image","image_url":%s},
                                        {"type":"image_url","image_url":{"url":%s}}]},
              {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"one two three"}}]}]}
            """
                .formatted(data, data));
    assertThat(request.promptTokens())
        .isBetween(2 * TokenEstimator.IMAGE + 8 + 4, 2 * TokenEstimator.IMAGE + 8 + 6);
  }

  @Test
  void acceptsWhatTheProviderMustJudge() {
    ChatRequest request =
        with(
            "\"n\":99999999999,\"max_tokens\":-1,\"temperature\":9,\"tool_choice\":5,\"zzz\":null");
    assertThat(request.n()).isEqualTo(Integer.MAX_VALUE);
    assertThat(request.temperature()).isEqualTo(9.0, within(0.0));
  }

  @Test
  void depthOneHundredIsFine() {
    String deep = "[".repeat(99) + "]".repeat(99);
    assertThat(with("\"x\":" + deep).messageCount()).isEqualTo(1);
  }

  @Test
  void readsTheTurnBeforeAndTheSystemPrompt() {
    ChatRequest request =
        parse(
            """
            {"model": "m", "messages": [
             {"role": "system", "content": "Be brief."},
             {"role": "user", "content": "first"},
             {"role": "assistant", "content": "one"},
             {"content": [{"type": "text", "text": "second"}, {"type": "text", "text": "part"}],
              "role": "user"},
             {"role": "assistant", "content": null, "tool_calls": []},
             {"role": "tool", "content": "a result"},
             {"role": "developer", "content": "In English."},
             {"role": "user", "content": "third"},
             {"role": "tool", "content": "another result"}]}\
            """);
    assertThat(request.text()).isEqualTo("third");
    assertThat(request.previousText()).isEqualTo("second\npart");
    assertThat(request.systemText()).isEqualTo("Be brief.\nIn English.");
    assertThat(request.limitedTo(5).previousText()).isEqualTo("second\npart");
    assertThat(request.limitedTo(5).systemText()).isEqualTo("Be brief.\nIn English.");
  }

  @Test
  void hasNoTurnBeforeTheFirst() {
    ChatRequest request =
        parse("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    assertThat(request.previousText()).isEmpty();
    assertThat(request.systemText()).isEmpty();
  }

  @Test
  void cutsWhatComesBefore() {
    String half = "x".repeat(ChatRequest.MAX_CONTEXT - 1) + "😀";
    ChatRequest request =
        parse(
            """
            {"model": "m", "messages": [
             {"role": "system", "content": "%1$s"}, {"role": "system", "content": "%1$s"},
             {"role": "user", "content": "%1$s"}, {"role": "user", "content": "now"}]}\
            """
                .formatted(half));
    String cut = "x".repeat(ChatRequest.MAX_CONTEXT - 1);
    assertThat(request.previousText()).isEqualTo(cut);
    assertThat(request.systemText()).isEqualTo(cut);
  }
}
