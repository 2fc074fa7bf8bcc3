package io.iir.flow.engine;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refuses bodies whose type or coding a route does not take. Stateless. */
final class MediaTypes {

  private MediaTypes() {}

  /**
   * Checks a request's Content-Type against {@code consumes}, an endpoint's media types,
   * comma-separated (null: any). A request that names no type is taken at its word.
   *
   * @throws ApiException 415
   */
  static void check(@Nullable String consumes, HttpHeaders headers) {
    String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw unsupported(
          "the content encoding '%s' is not supported; send gzip, deflate or none"
              .formatted(coding));
    }
    CharSequence type = HttpUtil.getMimeType(nullToEmpty(headers));
    if (consumes != null
        && type != null
        && !type.isEmpty()
        && !consumes(consumes, type.toString().trim().toLowerCase(Locale.ROOT))) {
      throw unsupported(
          "the body's type '%s' is not supported; send Content-Type: %s"
              .formatted(type, consumes.replace(",", " or ")));
    }
  }

  private static boolean consumes(String types, String type) {
    return types.equals(type) || List.of(types.split(",")).contains(type);
  }

  private static String nullToEmpty(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type == null ? "" : type;
  }

  private static ApiException unsupported(String message) {
    return new ApiException(ApiError.invalid(415, "unsupported_media_type", message, null));
  }
}
