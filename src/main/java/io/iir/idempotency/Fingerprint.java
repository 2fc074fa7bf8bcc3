package io.iir.idempotency;

import io.iir.auth.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What two requests have in common if one is the repetition of the other: the SHA-256 of path,
 * query and body. The boundaries of a form's parts do not count: clients draw them anew each time.
 */
public final class Fingerprint {

  private static final String BOUNDARY = "boundary=";

  private Fingerprint() {}

  /** The fingerprint of a request, 64 hex digits. */
  public static String of(
      String path, @Nullable String query, @Nullable String contentType, byte[] body) {
    MessageDigest digest = Sha256.digest();
    digest.update(path.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update((query == null ? "" : query).getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    byte[] boundary = boundary(contentType);
    if (boundary == null) {
      digest.update(body);
    } else {
      addWithout(boundary, body, digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte @Nullable [] boundary(@Nullable String type) {
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      return null;
    }
    int start = type.toLowerCase(Locale.ROOT).indexOf(BOUNDARY);
    if (start < 0) {
      return null;
    }
    String value = type.substring(start + BOUNDARY.length());
    int end = value.startsWith("\"") ? value.indexOf('"', 1) : value.indexOf(';');
    String text = end < 0 ? value : value.substring(0, end);
    text = text.replace("\"", "").strip();
    return text.isEmpty() ? null : ("--" + text).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void addWithout(byte[] boundary, byte[] body, MessageDigest digest) {
    int from = 0;
    for (int i = 0; i + boundary.length <= body.length; i++) {
      if (body[i] == '-' && matches(boundary, body, i)) {
        digest.update(body, from, i - from);
        digest.update((byte) 0);
        i += boundary.length - 1;
        from = i + 1;
      }
    }
    digest.update(body, from, body.length - from);
  }

  private static boolean matches(byte[] boundary, byte[] body, int at) {
    for (int i = 0; i < boundary.length; i++) {
      if (body[at + i] != boundary[i]) {
        return false;
      }
    }
    return true;
  }
}
