package io.iir.flow.engine;

import io.iir.openai.ApiError;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests are refused before any route sees them. Stateless. */
final class RequestPolicy {

  static final int MAX_HEADERS = 100;
  static final int MAX_HEADER_LENGTH = 8 << 10;

  private final long maxBody;
  private final String scheme;

  /** A policy for bodies of at most {@code maxBody} bytes and URIs of {@code scheme}. */
  RequestPolicy(long maxBody, String scheme) {
    this.maxBody = maxBody;
    this.scheme = scheme;
  }

  /** Why {@code request} is refused, or null: then its target is in origin form. */
  @Nullable ApiError check(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return malformed(request.decoderResult().cause());
    }
    ApiError error = checkHeaders(request.headers());
    if (error == null) {
      error = checkVersion(request);
    }
    if (error == null) {
      error = checkCodings(request.headers());
    }
    if (error == null) {
      error = checkTarget(request);
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

  static ApiError tooManyBodies() {
    return ApiError.server(
        503, "no_target_available", "the gateway holds all the request bodies it can; try again");
  }

  static ApiError tooSlow() {
    return invalid(408, "the request did not arrive in time; send it again");
  }

  static ApiError tooManyPipelined() {
    return invalid(
        400,
        "more than %d requests, or too much of them, wait on this connection; read the answers"
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

  /** HTTP/1.1 with exactly one Host (RFC 9112, section 3.2), or HTTP/1.0. */
  private static @Nullable ApiError checkVersion(HttpRequest request) {
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return request.headers().getAll(HttpHeaderNames.HOST).size() == 1
          ? null
          : invalid(400, "the request needs exactly one Host header");
    }
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        ? null
        : invalid(505, "%s is not spoken here; use HTTP/1.1".formatted(request.protocolVersion()));
  }

  /**
   * One Transfer-Encoding, and that chunked. The codec finds a body's end by chunks wherever the
   * word occurs, and another server before this one might not: the two would then disagree about
   * where the next request begins (RFC 9112, section 11.2).
   */
  private static @Nullable ApiError checkCodings(HttpHeaders headers) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty() || (codings.size() == 1 && isChunked(codings.getFirst()))) {
      return null;
    }
    return invalid(
        400, "the only Transfer-Encoding that is understood is one 'chunked'; send the body so");
  }

  private static boolean isChunked(String coding) {
    return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.trim());
  }

  private @Nullable ApiError checkTarget(HttpRequest request) {
    String path = RequestTarget.originForm(request.uri(), scheme);
    if (path == null) {
      return invalid(
          400,
          "the request target must be a path that starts with /, in which all but letters, digits"
              + " and -._~!$&'()*+,;=:@ is escaped, such as %20");
    }
    if (path.contains("%00")) { // which not every database can compare with what it has
      return invalid(400, "the request target must not hold %00: no name has that character");
    }
    if (!path.equals(request.uri())) {
      request.setUri(path);
    }
    return null;
  }

  private static ApiError invalid(int status, String message) {
    return ApiError.invalid(status, "invalid_request", message, null);
  }
}
