package io.iir.protocol.bedrock;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code data:} URL in base64, RFC 2397.
 *
 * @param mediaType the media type in lower case, without parameters
 * @param base64 the data as it is
 */
record DataUrl(String mediaType, String base64) {

  /** Of {@code url}; null if it is none or not in base64. */
  static @Nullable DataUrl of(String url) {
    int comma = url.indexOf(',');
    if (!url.regionMatches(true, 0, "data:", 0, 5) || comma < 0) {
      return null;
    }
    String head = url.substring(5, comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(";base64")) {
      return null;
    }
    return new DataUrl(head.substring(0, head.indexOf(';')).strip(), url.substring(comma + 1));
  }
}
