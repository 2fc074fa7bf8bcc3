package io.iir.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.testing.Gateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * A request that the gateway refuses, and how.
 *
 * @param group what it is bad at
 * @param name what is wrong with it
 * @param request its bytes
 * @param status the answer's status
 * @param code the error's code
 * @param says what the error's message contains
 * @param then what becomes of the connection
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BadInput(
    String group, String name, byte[] request, int status, String code, String says, Then then) {

  /** What becomes of the connection. */
  enum Then {
    /** The next request on it is answered. */
    USABLE,
    /** It is closed, in an orderly way. */
    CLOSED
  }

  static final String HOST = "Host: gateway";
  static final String KEY = "Authorization: Bearer " + Gateway.ADMIN_KEY;
  static final String JSON = "Content-Type: application/json";
  static final String CHAT = "POST /v1/chat/completions HTTP/1.1";
  static final String GOOD_BODY =
      "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  /** A request with these lines as head, and {@code body} as it is. */
  static byte[] raw(byte[] body, String... lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** A request without a body. */
  static byte[] raw(String... lines) {
    return raw(new byte[0], lines);
  }

  /** A chat request of the administrator's with {@code body}, and {@code lines} in its head. */
  static byte[] chat(byte[] body, String... lines) {
    List<String> head = new ArrayList<>(List.of(CHAT, HOST, KEY));
    head.addAll(List.of(lines));
    head.add("Content-Length: " + body.length);
    return raw(body, head.toArray(String[]::new));
  }

  /** A chat request of the administrator's with the JSON {@code body}. */
  static byte[] chat(String body) {
    return chat(body.getBytes(UTF_8), JSON);
  }

  /** A good chat request with {@code lines} in its head besides. */
  static byte[] goodChat(String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add(JSON);
    return chat(GOOD_BODY.getBytes(UTF_8), all.toArray(String[]::new));
  }

  /** {@code bytes} as gzip. */
  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return group + ": " + name;
  }
}
