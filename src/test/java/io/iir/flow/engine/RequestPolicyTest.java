package io.iir.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.openai.ApiError;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPolicyTest {

  private final RequestPolicy policy = new RequestPolicy(1000, "http");

  private static HttpRequest request(String... headers) {
    return request(HttpVersion.HTTP_1_1, "/path", headers);
  }

  private static HttpRequest request(HttpVersion version, String target, String... headers) {
    HttpRequest request = new DefaultHttpRequest(version, HttpMethod.POST, target);
    request.headers().set("Host", "gateway");
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().add(headers[i], headers[i + 1]);
    }
    return request;
  }

  private void assertRefused(HttpRequest request, int status, String says) {
    assertError(policy.check(request), status, says);
  }

  private static void assertError(@Nullable ApiError error, int status, String says) {
    assertThat(Objects.requireNonNull(error).status()).isEqualTo(status);
    assertThat(error.message()).contains(says);
    assertThat(error.source()).isEqualTo(ApiError.Source.GATEWAY);
  }

  @Test
  void letsAGoodRequestPass() {
    assertThat(policy.check(request())).isNull();
    assertThat(policy.check(request("Content-Length", "1000"))).isNull();
    assertThat(policy.check(request("Transfer-Encoding", "Chunked"))).isNull();
    assertThat(policy.check(request("Expect", "100-Continue"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/keys/%00", "/usage?key=a%00b", "http://gateway/keys/%00"})
  void refusesATargetWithTheCharacterThatNoNameHas(String target) {
    assertRefused(request(HttpVersion.HTTP_1_1, target), 400, "%00");
  }

  @Test
  void putsAnAbsoluteTargetIntoOriginForm() {
    HttpRequest request = request(HttpVersion.HTTP_1_1, "http://gateway/path?q");

    assertThat(policy.check(request)).isNull();
    assertThat(request.uri()).isEqualTo("/path?q");
  }

  @Test
  void refusesATargetThatIsNoPath() {
    assertRefused(request(HttpVersion.HTTP_1_1, "gateway:443"), 400, "must be a path");
  }

  @Test
  void wantsExactlyOneHost() {
    assertRefused(request("Host", "other"), 400, "exactly one Host");
    HttpRequest none = request();
    none.headers().remove("Host");
    assertRefused(none, 400, "exactly one Host");
    HttpRequest old = request(HttpVersion.HTTP_1_0, "/path");
    old.headers().remove("Host");
    assertThat(policy.check(old)).isNull();
  }

  @Test
  void speaksNoOtherVersion() {
    assertRefused(request(HttpVersion.valueOf("HTTP/2.0"), "/path"), 505, "HTTP/2.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip, chunked",
        "chunked, identity",
        "chunked, xchunked",
        "xchunked",
        "identity",
        "",
        "\u017fchunked"
      })
  void understandsNoCodingButChunked(String coding) {
    assertRefused(request("Transfer-Encoding", coding), 400, "Transfer-Encoding");
  }

  @Test
  void wantsTransferEncodingOnce() {
    assertRefused(
        request("Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"),
        400,
        "Transfer-Encoding");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    assertRefused(request("Content-Length", "1001"), 413, "1000 bytes");
    assertThat(policy.check(new DefaultHttpContent(Unpooled.EMPTY_BUFFER), 1000)).isNull();
    assertError(
        policy.check(new DefaultHttpContent(Unpooled.EMPTY_BUFFER), 1001), 413, "1000 bytes");
  }

  @Test
  void refusesTooManyHeaders() {
    HttpRequest request = request();
    for (int i = 0; i < RequestPolicy.MAX_HEADERS; i++) {
      request.headers().add("x", "y");
    }
    assertRefused(request, 431, "101 headers");
  }

  @Test
  void refusesALongHeader() {
    String longest = "a".repeat(RequestPolicy.MAX_HEADER_LENGTH - 1);
    assertThat(policy.check(request("x", longest))).isNull();
    assertRefused(request("x", longest + "a"), 431, "header x");
  }

  @Test
  void meetsNoExpectationButOne() {
    assertRefused(request("Expect", "more"), 417, "100-continue");
  }

  @Test
  void saysWhatTheCodecFound() {
    assertRefused(failed(new TooLongHttpLineException("x")), 414, "first line");
    assertRefused(failed(new TooLongHttpHeaderException("too many")), 431, "too many");
    assertRefused(failed(new IllegalArgumentException("a bad name")), 400, "a bad name");
    assertRefused(failed(new IllegalStateException()), 400, "IllegalState");
    DefaultHttpContent content = new DefaultHttpContent(Unpooled.EMPTY_BUFFER);
    content.setDecoderResult(DecoderResult.failure(new NumberFormatException("a bad size")));
    assertError(policy.check(content, 0), 400, "a bad size");
  }

  private static HttpRequest failed(Exception cause) {
    HttpRequest request = request();
    request.setDecoderResult(DecoderResult.failure(cause));
    return request;
  }
}
