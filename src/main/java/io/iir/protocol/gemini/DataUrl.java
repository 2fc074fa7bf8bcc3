package io.iir.protocol.gemini;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes within a URL.
 *
 * @param mediaType without parameters
 * @param base64 the bytes
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2397">RFC 2397</a>
 */
record DataUrl(String mediaType, String base64) {

  private static final String SCHEME = "data:";
  private static final String BASE64 = ";base64";

  /** Reads one; null if {@code url} is none. */
  static @Nullable DataUrl of(String url) {
    int comma = url.indexOf(',');
    if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || comma < 0) {
      return null;
    }
    String head = url.substring(SCHEME.length(), comma);
    String data = url.substring(comma + 1);
    int semicolon = head.indexOf(';');
    String mediaType = (semicolon < 0 ? head : head.substring(0, semicolon)).strip();
    if (!head.endsWith(BASE64)) {
      byte[] text =
          URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      data = Base64.getEncoder().encodeToString(text);
    }
    return new DataUrl(mediaType.isEmpty() ? "text/plain" : mediaType, data);
  }
}
