package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionAssemblerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What becomes of events, one a line. */
  private static JsonNode assemble(String events) throws Exception {
    CompletionAssembler assembler = new CompletionAssembler();
    events.lines().forEach(event -> assembler.add(event.getBytes(UTF_8)));
    return JSON.readTree(assembler.toJson());
  }

  @Test
  void openAi() throws Exception {
    assertThat(
            assemble(
                """
                {"id":"c1","object":"chat.completion.chunk","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x"}
                {"id":"c1","object":"chat.completion.chunk","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":{"content":[{"token":"Hel","logprob":-0.1}],"refusal":null},"finish_reason":null}],"usage":null}
                {"id":"c1","object":"chat.completion.chunk","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"lo 😀"},"logprobs":{"content":[{"token":"lo","logprob":-0.2}],"refusal":null},"finish_reason":null}],"usage":null}
                {"id":"c1","object":"chat.completion.chunk","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
                {"id":"c1","object":"chat.completion.chunk","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                [DONE]
                """))
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"c1","object":"chat.completion","created":7,"model":"gpt","service_tier":"default","system_fingerprint":"fp",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Hello 😀","refusal":null},
                   "logprobs":{"content":[{"token":"Hel","logprob":-0.1},{"token":"lo","logprob":-0.2}],"refusal":null},
                   "finish_reason":"stop"}],
                 "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                """));
  }

  @Test
  void aMessageInAChunkIsNoPartOfIt() throws Exception {
    JsonNode answer =
        assemble(
            """
            {"choices":[{"index":0,"message":"x","delta":{"content":"Hi","tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]},"finish_reason":"stop"}]}
            """);
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Hi");
    assertThat(answer.at("/choices/0/message/tool_calls/0/id").asText()).isEqualTo("a");
  }

  @Test
  void toolCallsByIndex() throws Exception {
    JsonNode answer =
        assemble(
            """
            {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}]}}]}
            {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]}}]}
            {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","function":{"name":"g","arguments":"{"}},{"index":0,"id":"","type":"function","function":{"name":null,"arguments":":1}"}}]}}]}
            {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]},"finish_reason":"tool_calls"}]}
            """);
    assertThat(answer.at("/choices/0"))
        .isEqualTo(
            JSON.readTree(
                """
                {"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[
                  {"id":"call_a","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
                  {"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]}}
                """));
  }

  @Test
  void toolCallsWithoutAnIndexOrWithTheSameOne() throws Exception {
    JsonNode answer =
        assemble(
            """
            {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}}]}
            {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"}"}}]}}]}
            {"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"1"}}]}}]}
            {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"h","arguments":"2"}}]}}]}
            """);
    JsonNode calls = answer.at("/choices/0/message/tool_calls");
    assertThat(calls).hasSize(3);
    assertThat(calls.findValuesAsText("arguments")).containsExactly("{}", "1", "2");
    assertThat(calls.findValuesAsText("id")).containsExactly("a", "b", "c");
  }

  @Test
  void choicesInterleavedReasoningAndFunctionCall() throws Exception {
    JsonNode answer =
        assemble(
            """
            {"id":"","created":0,"model":"","prompt_filter_results":[{"x":1}],"choices":[]}
            {"id":"c","created":5,"model":"m","choices":[{"index":1,"delta":{"role":"assistant","reasoning_content":"th"}}]}
            {"id":"c","choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":"{"}}}]}
            {"id":"c","choices":[{"index":1,"delta":{"reasoning_content":"ink","content":"x"},"stop_reason":null}]}
            {"id":"c","choices":[{"index":0,"delta":{"function_call":{"arguments":"}"}},"finish_reason":"function_call"},{"index":1,"delta":{"content":"y","reasoning":"z"},"finish_reason":"stop"}],"timings":{"n":1}}
            """);
    assertThat(answer)
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"c","object":"chat.completion","created":5,"model":"m","prompt_filter_results":[{"x":1}],"timings":{"n":1},
                 "choices":[
                  {"index":0,"finish_reason":"function_call","message":{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}},
                  {"index":1,"finish_reason":"stop","stop_reason":null,"message":{"role":"assistant","content":"xy","reasoning_content":"think","reasoning":"z"}}]}
                """));
  }

  @Test
  void usageOnEveryChunkKeepsTheLast() throws Exception {
    JsonNode answer =
        assemble(
            """
            {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"completion_tokens":1}}
            {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"completion_tokens":2}}
            {"choices":[],"usage":null}
            """);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(answer.has("id")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"error\":{\"message\":\"x\"}}", "[]", "{\"a\":", "text", ""})
  void refusesWhatIsNoPartOfAnAnswer(String event) {
    assertThatThrownBy(() -> new CompletionAssembler().add(event.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsWhatItHasAsOftenAsAsked() throws Exception {
    CompletionAssembler assembler = new CompletionAssembler();
    byte[] buffer =
        "xx{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}yy".getBytes(UTF_8);
    assembler.add(buffer, 2, buffer.length - 4);
    assertThat(assembler.toJson()).isEqualTo(assembler.toJson());
    assembler.add(buffer, 2, buffer.length - 4);
    assertThat(JSON.readTree(assembler.toJson()).at("/choices/0/message/content").asText())
        .isEqualTo("aa");
  }
}
