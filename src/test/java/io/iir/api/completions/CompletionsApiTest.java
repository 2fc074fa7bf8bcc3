package io.iir.api.completions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.testing.Chunks;
import io.iir.testing.Gateway;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests on their way in, answers on their way out. */
class CompletionsApiTest {

  private final CompletionsApi api = new CompletionsApi();

  private ChatRequest read(String fields) {
    String json = "{\"model\":\"m\"," + fields + "}";
    return (ChatRequest) api.read(json.getBytes(UTF_8), "application/json");
  }

  private JsonNode chat(String fields) {
    return Gateway.json(new String(read(fields).body(), UTF_8));
  }

  private JsonNode answer(String fields, String completion) {
    return Gateway.json(new String(api.answer(completion.getBytes(UTF_8), read(fields)), UTF_8));
  }

  @Test
  void aPromptIsWhatTheUserSays() {
    assertThat(
            chat(
                """
                "prompt":["Once"],"logprobs":2,"best_of":1,"echo":false,"suffix":null,"temperature":0.10,"top_k":5\
                """))
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","temperature":0.10,"top_k":5,"messages":[{"role":"user","content":"Once"}],
                 "max_tokens":16,"logprobs":true,"top_logprobs":2}\
                """));
  }

  @Test
  void severalPromptsAreSeveralAnswers() {
    ChatRequest request = read("\"prompt\":[\"One two\",\"three\"],\"n\":3");
    assertThat(request.n()).isEqualTo(6);
    assertThat(request.text()).isEqualTo("One two\nthree");
  }

  @Test
  void tokensAreCounted() {
    int one = read("\"prompt\":\"a\"").promptTokens();
    assertThat(read("\"prompt\":[1,2,3,4,5,6,7,8,9]").promptTokens()).isBetween(one + 7, one + 10);
    assertThat(read("\"prompt\":[[1,2,3],[4,5,6]]").promptTokens()).isBetween(one + 4, one + 8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "prompt":["a","b"]                      | prompt
          "prompt":[1,2]                          | prompt
          "prompt":"a","suffix":"b"               | suffix
          "prompt":"a","best_of":3                | best_of
          "prompt":"a","echo":true,"logprobs":1   | logprobs
          """)
  void whatNoChatCanDoIsSaid(String fields, String param) {
    ApiException elsewhere = Objects.requireNonNull(read(fields).original()).elsewhere();
    assertThat(Objects.requireNonNull(elsewhere).error().param()).isEqualTo(param);
    assertThat(elsewhere.error().status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "n":1                                   | prompt
          "prompt":null                           | prompt
          "prompt":[]                             | prompt
          "prompt":{"a":1}                        | prompt
          "prompt":["a",1]                        | prompt
          "prompt":[[1],"a"]                      | prompt
          "prompt":"a","messages":[]              | messages
          "prompt":"a","tools":[]                 | tools
          "prompt":"a","logprobs":true            | logprobs
          "prompt":"a","stream":1                 | stream
          """)
  void whatIsWrongIsNamed(String fields, String param) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(fields))
        .satisfies(e -> assertThat(e.error().param()).isEqualTo(param));
  }

  @Test
  void aChatsAnswerHasTheLegacyForm() {
    assertThat(
            answer(
                "\"prompt\":\"Say \\\"é\\\"\",\"echo\":true",
                """
                {"id":"c1","object":"chat.completion","created":7,"model":"real","system_fingerprint":"fp","choices":[
                  {"index":0,"message":{"role":"assistant","content":" 😀\\n"},"finish_reason":"stop"},
                  {"index":1,"message":{"role":"assistant","content":null,"refusal":" No."},"finish_reason":"length"}],
                 "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"extra":4}}\
                """))
        .isEqualTo(
            Gateway.json(
                """
                {"id":"c1","object":"text_completion","created":7,"model":"real","choices":[
                  {"text":"Say \\"é\\" 😀\\n","index":0,"logprobs":null,"finish_reason":"stop"},
                  {"text":"Say \\"é\\" No.","index":1,"logprobs":null,"finish_reason":"length"}],
                 "system_fingerprint":"fp","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"extra":4}}\
                """));
  }

  @Test
  void logprobsHaveTheLegacyForm() {
    JsonNode answer =
        answer(
            "\"prompt\":\"a\",\"logprobs\":1",
            """
            {"choices":[{"index":0,"message":{"content":"Hi 😀!"},"finish_reason":"stop","logprobs":{"content":[
              {"token":"Hi ","logprob":-0.5,"top_logprobs":[{"token":"Hi ","logprob":-0.5},{"token":"Yo","logprob":-2}]},
              {"token":"😀","logprob":-1,"top_logprobs":[]},{"token":"!","logprob":-1,"top_logprobs":[]}]}}]}\
            """);
    assertThat(answer.at("/choices/0/logprobs"))
        .isEqualTo(
            Gateway.json(
                """
                {"tokens":["Hi ","😀","!"],"token_logprobs":[-0.5,-1,-1],
                 "top_logprobs":[{"Hi ":-0.5,"Yo":-2},{},{}],"text_offset":[0,3,4]}\
                """));
  }

  @Test
  void chunksBecomeEventsAndFailuresAndCommentsPass() {
    StreamEncoder encoder = api.encoder(read("\"prompt\":\"a\",\"stream\":true"));
    String failure = Chunks.event("{\"error\":{\"message\":\"m\",\"code\":\"provider_error\"}}");
    List<String> chunks =
        List.of(
            ": keep-alive\n\n",
            Chunks.event(
                "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}"),
            Chunks.event(Chunks.token("é😀")),
            Chunks.event(Chunks.FINISH),
            Chunks.event(Chunks.usage(1, 2)),
            failure,
            Chunks.DONE);
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    StringBuilder all = new StringBuilder();
    for (String chunk : chunks) {
      ByteBuf out = encoder.encode(allocator.buffer().writeBytes(chunk.getBytes(UTF_8)));
      if (out != null) {
        all.append(out.toString(UTF_8));
        out.release();
      }
    }
    assertThat(encoder.end()).isNull();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    String head =
        "data:"
            + " {\"id\":\"c1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[";
    assertThat(all)
        .hasToString(
            ": keep-alive\n\n"
                + head
                + "{\"text\":\"é😀\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + head
                + "{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"
                + head
                + "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\n\n"
                + failure
                + Chunks.DONE);
  }
}
