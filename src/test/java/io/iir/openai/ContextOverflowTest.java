package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as the providers' servers word them; where from, {@code docs/RESILIENCE.md} says. */
class ContextOverflowTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          OpenAI    | 400 | {"error":{"message":"Your input exceeds the context window","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}
          vLLM      | 400 | {"object":"error","message":"This model's maximum context length is 16384 tokens. However, you requested 19591 tokens (9591 in the messages, 10000 in the completion).","type":"BadRequestError","param":null,"code":400}
          vLLM old  | 400 | {"object":"error","message":"The decoder prompt (length 10127) is longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller","type":"BadRequestError","param":null,"code":400}
          SGLang    | 400 | {"object":"error","message":"The input (61709 tokens) is longer than the model's context length (40960 tokens).","type":"BadRequestError","param":null,"code":400}
          SGLang 2  | 400 | {"object":"error","message":"Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).","type":"BadRequestError","code":400}
          llama.cpp | 400 | {"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}}
          LM Studio | 400 | {"error":"Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough."}
          Anthropic | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}
          Anthropic | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"}}
          Gemini    | 400 | {"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}
          Bedrock   | 400 | {"message":"Input is too long for requested model."}
          Cohere    | 400 | {"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4200."}
          TGI       | 422 | {"error":"Input validation error: `inputs` must have less than 4095 tokens. Given: 5000","error_type":"validation"}
          """)
  void anOverflowIsOneWhoeverSaysIt(String who, int status, String body) {
    assertThat(ContextOverflow.is(error(status, body))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          400 | {"error":{"message":"no such role","code":"invalid_request"}}
          500 | {"error":{"message":"maximum context length"}}
          429 | {"error":{"message":"Request too large for model: tokens per minute","code":"rate_limit_exceeded"}}
          400 | {"error":{"message":"max_tokens is too large: 99999. This model supports at most 16384 completion tokens"}}
          """)
  void whatElseIsWrongIsNone(int status, String body) {
    assertThat(ContextOverflow.is(error(status, body))).isFalse();
  }

  private static ApiError error(int status, String body) {
    return ProviderErrorBody.normalise(status, body.getBytes(StandardCharsets.UTF_8), "p");
  }
}
