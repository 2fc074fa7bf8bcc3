package io.iir.flow.engine;

import io.iir.openai.ApiError;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests are refused before any route sees them. Stateless. */
final class RequestPolicy {

  static final int MAX_HEADERS = 100;
  static final int MAX_HEADER_LENGTH = 8 << 10;

  private final long maxBody;

  RequestPolicy(long maxBody) {
    this.maxBody = maxBody;
  }

  /** Why {@code request} is refused, or null. */
  @Nullable ApiError check(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return malformed(request.decoderResult().cause());
    }
    ApiError error = checkHeaders(request.headers());
    if (error == null && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      error = checkHost(request.headers());
    }
    if (error == null && !request.uri().startsWith("/")) {
      error = invalid(400, "the request target must be a path that starts with /");
    }
    if (error == null && HttpUtil.getContentLength(request, 0L) > maxBody) {
      error = tooLarge(maxBody);
    }
    String expect = request.headers().get(HttpHeaderNames.EXPECT);
    if (error == null && expect != null && !expect.equalsIgnoreCase("100-continue")) {
      error = invalid(417, "the only expectation that is met is 100-continue");
    }
    return error;
  }

  /** Why this part of a body is refused, or null. */
  @Nullable ApiError check(HttpContent content, long lengthSoFar) {
    if (content.decoderResult().isFailure()) {
      return malformed(content.decoderResult().cause());
    }
    return lengthSoFar > maxBody ? tooLarge(maxBody) : null;
  }

  static ApiError tooLarge(long maxBody) {
    return ApiError.invalid(
        413,
        "request_too_large",
        "the request body is larger than %d bytes, the most this gateway takes".formatted(maxBody),
        null);
  }

  static ApiError tooSlow() {
    return invalid(408, "the request did not arrive in time; send it again");
  }

  static ApiError tooManyPipelined() {
    return invalid(
        400,
        "more than %d requests wait on this connection; read the answers first"
            .formatted(RequestGuard.MAX_PIPELINED));
  }

  private static ApiError malformed(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException e ->
          invalid(431, "the request's headers are too large: " + e.getMessage());
      case TooLongHttpLineException e -> invalid(414, "the request's first line is too long");
      default -> {
        String message = cause.getMessage();
        yield invalid(
            400,
            "this is not a valid HTTP request: "
                + (message == null ? cause.getClass().getSimpleName() : message));
      }
    };
  }

  private static @Nullable ApiError checkHeaders(HttpHeaders headers) {
    if (headers.size() > MAX_HEADERS) {
      return invalid(
          431, "the request has %d headers; %d is the most".formatted(headers.size(), MAX_HEADERS));
    }
    for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> header = each.next();
      if (header.getKey().length() + header.getValue().length() > MAX_HEADER_LENGTH) {
        return invalid(
            431,
            "the header %s is longer than %d bytes".formatted(header.getKey(), MAX_HEADER_LENGTH));
      }
    }
    return null;
  }

  /** RFC 9112, section 3.2: exactly one Host. */
  private static @Nullable ApiError checkHost(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.HOST).size() == 1
        ? null
        : invalid(400, "the request needs exactly one Host header");
  }

  private static ApiError invalid(int status, String message) {
    return ApiError.invalid(status, "invalid_request", message, null);
  }
}
