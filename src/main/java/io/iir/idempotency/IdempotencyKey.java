package io.iir.idempotency;

import io.iir.auth.Sha256;
import io.iir.openai.ApiException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What a client calls one request of its own, so that it can send it again: 1 to {@value #LONGEST}
 * visible characters of ASCII, bare as Stripe has it, or quoted as the IETF's draft has it, where
 * it may hold spaces. Immutable.
 *
 * @param text without quotes: the same key, however it was sent
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The
 *     Idempotency-Key HTTP header field</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9651#name-strings">RFC 9651: strings</a>
 */
public record IdempotencyKey(String text) {

  /** The header that brings it. */
  public static final String HEADER = "idempotency-key";

  private static final int LONGEST = 255;

  /**
   * The key that the header's {@code value} holds.
   *
   * @throws ApiException 400 if it is none
   */
  public static IdempotencyKey parse(String value) {
    String stripped = value.strip();
    String text = stripped.startsWith("\"") ? unquoted(stripped) : bare(stripped);
    if (text.isEmpty()) {
      throw malformed("is empty");
    }
    if (text.length() > LONGEST) {
      throw malformed("has %d characters, and may have %d".formatted(text.length(), LONGEST));
    }
    return new IdempotencyKey(text);
  }

  private static String bare(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '"') {
        throw malformed(
            "may hold visible characters of ASCII only, and no quotes or spaces, or it must be"
                + " quoted; it must be sent once");
      }
    }
    return value;
  }

  private static String unquoted(String value) {
    StringBuilder text = new StringBuilder(value.length());
    int end = value.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        c = i < end ? value.charAt(i) : 0;
        if (c != '"' && c != '\\') {
          throw malformed("has a backslash that is not before a quote or a backslash");
        }
      } else if (c < ' ' || c > '~' || c == '"') {
        throw malformed("may hold ASCII only between its quotes, and must be sent once");
      }
      text.append(c);
    }
    if (end < 1 || value.charAt(end) != '"') {
      throw malformed("begins with a quote and does not end with one");
    }
    return text.toString();
  }

  private static ApiException malformed(String what) {
    return ApiException.invalidRequest(
        "the header Idempotency-Key %s; send a random UUID, a new one for each new request"
            .formatted(what),
        "Idempotency-Key");
  }

  /** What the request is known by: no other of the API key {@code owner}, or of another, is. */
  public String id(String owner) {
    MessageDigest digest = Sha256.digest();
    digest.update(owner.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
  }
}
