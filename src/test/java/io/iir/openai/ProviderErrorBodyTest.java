package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorBodyTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static ApiError normalise(int status, String body) {
    ApiError error = ProviderErrorBody.normalise(status, body.getBytes(UTF_8), "acme");
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.source()).isEqualTo(ApiError.Source.PROVIDER);
    return error;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "null",
      textBlock =
          """
          400 | {"error":{"message":"Bad n","type":"invalid_request_error","param":"n","code":"bad_n"}} | invalid_request_error | bad_n | n | Bad n
          401 | {"error":{"message":"Who?","type":"invalid_request_error","param":null,"code":null}} | invalid_request_error | invalid_api_key | null | Who?
          401 | {"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}} | authentication_error | invalid_api_key | null | Invalid API Key
          400 | {"error":{"code":400,"message":"too long","type":"exceed_context_size_error","n_ctx":512}} | exceed_context_size_error | context_length_exceeded | null | too long
          503 | {"error":{"code":503,"message":"Loading model","type":"unavailable_error"}} | unavailable_error | provider_error | null | Loading model
          401 | {"error":"Unauthorized"} | authentication_error | invalid_api_key | null | Unauthorized
          404 | {"error":"model 'x' not found"} | invalid_request_error | not_found | null | model 'x' not found
          400 | {"object":"error","message":"no","type":"BadRequestError","param":null,"code":400} | BadRequestError | invalid_request | null | no
          422 | {"object":"error","message":{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}} | invalid_request_error | invalid_request | null | messages: Field required
          404 | {"detail":"Not Found"} | invalid_request_error | not_found | null | Not Found
          422 | {"detail":[{"loc":["body","messages",0,"role"],"msg":"Field required","type":"missing"},{"msg":"also"}]} | invalid_request_error | invalid_request | messages.0.role | messages.0.role: Field required; also
          403 | {"message":"Forbidden"} | permission_error | permission_denied | null | Forbidden
          529 | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"} | overloaded_error | provider_error | null | Overloaded
          400 | {"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}} | invalid_request_error | invalid_request | null | API key not valid.
          429 | [{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}] | rate_limit_error | rate_limit_exceeded | null | Quota
          402 | {"error":{"code":402,"message":"Provider returned error","metadata":{"raw":"no credit","provider_name":"X"}}} | invalid_request_error | insufficient_quota | null | Provider returned error: no credit
          400 | {"error":{"message":"x","code":"429"}} | invalid_request_error | rate_limit_exceeded | null | x
          400 | {"errors":[{"code":7,"message":"a"},{"message":"b"}]} | invalid_request_error | invalid_request | null | a; b
          404 | 404 page not found | invalid_request_error | not_found | null | 404 page not found
          500 | "oops" | server_error | provider_error | null | oops
          500 | {"strange":[1]} | server_error | provider_error | null | {"strange":[1]}
          502 | upstream connect error | server_error | provider_error | null | upstream connect error
          400 | {"error":{"message":"unexpected </think> tag"}} | invalid_request_error | invalid_request | null | unexpected </think> tag
          """)
  void understandsEveryForm(
      int status, String body, String type, String code, String param, String message) {
    ApiError error = normalise(status, body);
    assertThat(error.type()).isEqualTo(type);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.param()).isEqualTo(param);
    assertThat(error.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <!DOCTYPE html><html><body>502 Bad Gateway</body></html>          | an HTML page
          <html><head><title>502</title></head></html>                      | an HTML page
          {"error":{"message":"<html>nginx</html>","type":"x","code":null}} | an HTML page
          {"error":"Bad answer: <b>nginx</b></HTML>"}                       | an HTML page
          <?xml version="1.0"?><Error><Code>1</Code></Error>                | an XML document
          ``                                                                | an empty body
          ` `                                                               | an empty body
          {}                                                                | an empty body
          []                                                                | an empty body
          {"error":{}}                                                      | an empty body
          """)
  void describesWhatIsNotForPeople(String body, String what) {
    String message = "Provider 'acme' answered 502 with " + what + ".";
    assertThat(normalise(502, body).message()).isEqualTo(message);
    byte[] sent = ProviderErrorBody.passThrough(502, body.getBytes(UTF_8), "acme");
    assertThat(new String(sent, UTF_8)).contains(message).doesNotContain("<");
  }

  @Test
  void describesBinary() {
    byte[] gzip = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 1, 2};
    assertThat(ProviderErrorBody.normalise(500, gzip, "acme").message())
        .isEqualTo("Provider 'acme' answered 500 with something that is not text.");
  }

  @Test
  void cutsALongMessageBetweenCharacters() throws Exception {
    for (String text :
        new String[] {"x".repeat(9_000), "x" + "😀".repeat(5_000), "😀".repeat(5_000)}) {
      assertThat(normalise(400, text).message()).hasSizeBetween(3_998, 4_000).endsWith("…");
      String body = "{\"error\":{\"message\":\"%s\",\"type\":\"t\",\"code\":null}}".formatted(text);
      JsonNode sent =
          JSON.readTree(ProviderErrorBody.passThrough(400, body.getBytes(UTF_8), "acme"));
      String message = sent.at("/error/message").asText();
      assertThat(message.length()).isLessThanOrEqualTo(ProviderErrorBody.MAX_MESSAGE);
      assertThat(Character.isHighSurrogate(message.charAt(message.length() - 2))).isFalse();
      assertThat(sent.at("/error/type").asText()).isEqualTo("t");
    }
    assertThat(normalise(400, "y".repeat(4_000)).message()).doesNotContain("…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}",
        " {\"error\" : {\"message\":\"m\",\"code\":\"c\",\"more\":[1]},\"extra\":1} \n",
        "{\"error\":{\"message\":\"m\",\"type\":\"t\"}}"
      })
  void handsOnTheVeryBytesOfOpenAisForm(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    assertThat(ProviderErrorBody.passThrough(400, bytes, "acme")).isSameAs(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"m\",\"code\":400}}",
        "{\"error\":\"m\"}",
        "{\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\"m\"}}",
        "[{\"error\":{\"message\":\"m\",\"code\":null}}]",
        "{\"error\":{\"message\":[\"m\"],\"code\":null}}",
        "{\"message\":\"m\"}",
        "m"
      })
  void putsOtherFormsIntoOpenAis(String body) throws Exception {
    JsonNode sent = JSON.readTree(ProviderErrorBody.passThrough(400, body.getBytes(UTF_8), "acme"));
    assertThat(sent.at("/error/message").asText()).isEqualTo("m");
    assertThat(sent.at("/error/code").isTextual()).isTrue();
  }
}
