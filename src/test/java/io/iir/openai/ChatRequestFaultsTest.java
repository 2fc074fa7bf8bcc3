package io.iir.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestFaultsTest {

  private static final String GOOD =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static ApiError refuse(byte[] body) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> ChatRequest.parse(body));
    assertThat(refusal).isNotNull();
    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().type()).isEqualTo("invalid_request_error");
    assertThat(refusal.error().source()).isEqualTo(ApiError.Source.GATEWAY);
    return refusal.error();
  }

  static Stream<Arguments> notJson() {
    return Stream.of(
        Arguments.of("", "empty"),
        Arguments.of(" \r\n\t", "empty"),
        Arguments.of("[]", "array"),
        Arguments.of("\"text\"", "string"),
        Arguments.of("12", "number"),
        Arguments.of("true", "boolean"),
        Arguments.of("null", "null"),
        Arguments.of("{", "ends in the middle"),
        Arguments.of("{\"model\":\"m", "ends in the middle"),
        Arguments.of("{\"model\":\"m\"", "ends in the middle"),
        Arguments.of("{\"model\":\"m\",\"messages\":[{", "ends in the middle"),
        Arguments.of("{\"a\":1,\n \"b\":x}", "line 2, column 6"),
        Arguments.of("{\"a\":1,}", "double quotes"),
        Arguments.of("{'a':1}", "double quotes"),
        Arguments.of("{\"a\":01}", "zero"),
        Arguments.of("{\"a\":NaN}", "NaN"),
        Arguments.of("{\"a\":-Infinity}", "NaN and Infinity"),
        Arguments.of("{\"a\":1 /* why */}", "comment"),
        Arguments.of("{\"a\":1 // why\n}", "comment"),
        Arguments.of("{\"a\":\"x\ny\"}", "control character"),
        Arguments.of("{\"a\":\"\\x\"}", "escape"),
        Arguments.of("{\"a\":\"\\uZZZZ\"}", "hex"),
        Arguments.of("{\"a\":\"\\ud800\"}", "half a surrogate pair"),
        Arguments.of("\uFEFF" + GOOD, "byte order mark"),
        Arguments.of(GOOD + " x", "goes on behind"),
        Arguments.of(GOOD + GOOD, "goes on behind"),
        Arguments.of(GOOD + "}", "goes on behind"),
        Arguments.of(GOOD + "\u0000", "goes on behind"),
        Arguments.of("{\"a\":1,\"b\":2,\"a\":3}", "'a' appears twice"),
        Arguments.of("{\"x\":[{\"k\":1,\"\\u006b\":3}]}", "'k' appears twice"),
        Arguments.of("{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}", "deeper than 100"),
        Arguments.of("{\"x\":" + "{\"x\":".repeat(100_000), "deeper than 100"),
        Arguments.of("{\"a\":[1}", "Unexpected close marker '}': expected ']'."),
        Arguments.of("{\"a\":" + "1".repeat(1_001) + "}", "(1001) exceeds the maximum"),
        Arguments.of("{\"" + "k".repeat(50_001) + "\":1}", "exceeds the maximum"),
        Arguments.of("[".repeat(1_000_000), "array"));
  }

  @ParameterizedTest
  @MethodSource("notJson")
  void saysWhatIsWrongWithTheJson(String body, String what) {
    ApiError error = refuse(body.getBytes(UTF_8));
    assertThat(error.code()).isEqualTo("invalid_json");
    assertThat(error.param()).isNull();
    assertThat(error.message())
        .containsIgnoringCase(what)
        .doesNotContain("Feature", "JsonRead", "StreamRead", "REDACTED");
  }

  static Stream<Charset> otherEncodings() {
    return Stream.of(
        UTF_16BE,
        Charset.forName("UTF-16LE"),
        Charset.forName("UTF-16"),
        Charset.forName("UTF-32BE"),
        Charset.forName("UTF-32LE"),
        ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("otherEncodings")
  void refusesOtherEncodings(Charset encoding) {
    ApiError error = refuse(GOOD.replace("Hi", "é!").getBytes(encoding));
    assertThat(error.code()).isEqualTo("invalid_json");
    assertThat(error.message()).contains("UTF-8");
  }

  static Stream<Arguments> wrongFields() {
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    return Stream.of(
        Arguments.of("{}", "model"),
        Arguments.of("{" + messages + "}", "model"),
        Arguments.of("{\"model\":null," + messages + "}", "model"),
        Arguments.of("{\"model\":5," + messages + "}", "model"),
        Arguments.of("{\"model\":[\"m\"]," + messages + "}", "model"),
        Arguments.of("{\"model\":{\"a\":{}}," + messages + "}", "model"),
        Arguments.of("{\"model\":\"\"," + messages + "}", "model"),
        Arguments.of("{\"model\":\"" + "m".repeat(513) + "\"," + messages + "}", "model"),
        Arguments.of("{\"model\":\"m\"}", "messages"),
        Arguments.of("{\"model\":\"m\",\"messages\":null}", "messages"),
        Arguments.of("{\"model\":\"m\",\"messages\":\"Hi\"}", "messages"),
        Arguments.of("{\"model\":\"m\",\"messages\":{\"a\":[]}}", "messages"),
        Arguments.of("{\"model\":\"m\",\"messages\":[]}", "messages"),
        Arguments.of("{\"model\":\"m\",\"messages\":[\"Hi\"]}", "messages[0]"),
        Arguments.of("{\"model\":\"m\",\"messages\":[{},{},[{}],5]}", "messages[2]"),
        Arguments.of("{\"model\":\"m\",\"messages\":[{},null]}", "messages[1]"),
        Arguments.of("{\"model\":\"m\",\"stream\":\"true\"," + messages + "}", "stream"),
        Arguments.of("{\"model\":\"m\",\"stream\":1," + messages + "}", "stream"),
        Arguments.of("{\"model\":\"m\",\"stream\":[true]," + messages + "}", "stream"),
        Arguments.of(
            "{\"model\":\"m\",\"stream_options\":true," + messages + "}", "stream_options"),
        Arguments.of(
            "{\"model\":\"m\",\"stream_options\":[{}]," + messages + "}", "stream_options"));
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  void namesTheFieldThatIsWrong(String body, String param) {
    ApiError error = refuse(body.getBytes(UTF_8));
    assertThat(error.code()).isEqualTo("invalid_request");
    assertThat(error.param()).isEqualTo(param);
    assertThat(error.message()).startsWith("'" + param + "' ").endsWith(".");
  }

  @Test
  void aFaultOfTheJsonGoesBeforeOneOfAField() {
    assertThat(refuse("{\"model\":5,\"messages\":[],".getBytes(UTF_8)).code())
        .isEqualTo("invalid_json");
  }

  @Test
  void aModelOf512CharactersIsFine() {
    String model = "é".repeat(512);
    assertThat(
            ChatRequest.parse(GOOD.replace("\"m\"", "\"" + model + "\"").getBytes(UTF_8)).model())
        .isEqualTo(model);
  }

  /** Whatever the bytes are, the answer is a request or a 400. */
  @Test
  void survivesAnyDamage() {
    Random random = new Random(7);
    byte[] whole =
        """
        {"model":"m","stream":true,"stream_options":{"include_usage":false,"x":"\\ud83d\\ude00"},
        "messages":[{"role":"user","content":[{"type":"text","text":"é漢😀"}]}],"n":2,"tools":[{"a":1}]}
        """
            .getBytes(UTF_8);
    int good = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] body = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int hits = random.nextInt(3); hits > 0; hits--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      try {
        ChatRequest.parse(body).forUpstream("other");
        good++;
      } catch (ApiException refusal) {
        assertThat(refusal.error().status()).isEqualTo(400);
      }
    }
    assertThat(good).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Model", "Models", "STREAM", "Max_Tokens", "mesSages"})
  void refusesAFieldThatDiffersInCaseOnly(String name) {
    String body = "{\"model\":\"a/b\",\"messages\":[{\"role\":\"user\"}],\"" + name + "\":1}";
    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> ChatRequest.parse(body.getBytes(UTF_8)));
    assertThat(refusal.error().param()).isEqualTo(name);
  }
}
