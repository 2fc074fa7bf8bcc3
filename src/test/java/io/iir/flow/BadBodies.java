package io.iir.flow;

import static io.iir.flow.BadInput.CHAT;
import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.chat;
import static io.iir.flow.BadInput.gzip;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.flow.BadInput.Then;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Bodies that are not a chat request in JSON, or are not to be read. */
final class BadBodies {

  private static final int TOO_MUCH = 25 << 20;
  private static final byte[] GOOD = GOOD_BODY.getBytes(UTF_8);

  private BadBodies() {}

  static List<BadInput> all() {
    byte[] gzipped = gzip(GOOD);
    return List.of(
        json("empty", "", "empty"),
        json("truncated", GOOD_BODY.substring(0, 40), "ends in the middle"),
        json("an array", "[" + GOOD_BODY + "]", "a JSON array, not an object"),
        json("a string", "\"hello\"", "a JSON string, not an object"),
        json("a number", "42", "a JSON number, not an object"),
        json("null", "null", "a JSON null, not an object"),
        json("200 levels deep", with("\"x\":" + nested(200)), "nested deeper than 100 levels"),
        json("a duplicate key", with("\"model\":\"fake/other\""), "'model' appears twice"),
        json("a duplicate key inside", with("\"x\":{\"a\":1,\"a\":2}"), "'a' appears twice"),
        json("invalid UTF-8", chat(with("\"x\":\"\u00c3(\"").getBytes(ISO_8859_1), JSON), "UTF-8"),
        json("a lone surrogate escape", with("\"x\":\"\\ud800\""), "surrogate"),
        json("a byte order mark", "\ufeff" + GOOD_BODY, "byte order mark"),
        json("UTF-16", chat(GOOD_BODY.getBytes(UTF_16), JSON), "UTF-8"),
        json("something behind the object", GOOD_BODY + " x", "goes on behind"),
        json(
            "gzip that ends too early",
            chat(Arrays.copyOf(gzipped, gzipped.length / 2), JSON, "Content-Encoding: gzip"),
            "ends in the middle"),
        tooLarge(
            "25 MB announced, not yet sent",
            raw(CHAT, HOST, KEY, JSON, "Content-Length: " + TOO_MUCH)),
        tooLarge(
            "25 MB announced, with Expect: 100-continue",
            raw(CHAT, HOST, KEY, JSON, "Expect: 100-continue", "Content-Length: " + TOO_MUCH)),
        tooLarge("25 MB sent at once", chat(new byte[TOO_MUCH], JSON)),
        tooLarge(
            "25 MB in chunks",
            raw(chunks(TOO_MUCH), CHAT, HOST, KEY, JSON, "Transfer-Encoding: chunked")),
        tooLarge(
            "gzip that inflates to 100 MB",
            chat(gzip(new byte[100 << 20]), JSON, "Content-Encoding: gzip")),
        new BadInput(
            "body",
            "gzip that is none",
            chat(new byte[10 << 20], JSON, "Content-Encoding: gzip"),
            400,
            "invalid_request",
            "is not valid gzip",
            Then.CLOSED),
        unsupported("brotli", "send gzip, deflate or none", JSON, "Content-Encoding: br"),
        unsupported("an unknown coding", "'rot13'", JSON, "Content-Encoding: rot13"),
        unsupported("gzip twice", "'gzip, gzip'", JSON, "Content-Encoding: gzip, gzip"),
        unsupported(
            "text/plain", "send Content-Type: application/json", "Content-Type: text/plain"),
        unsupported(
            "curl's default type",
            "send Content-Type: application/json",
            "Content-Type: application/x-www-form-urlencoded"));
  }

  private static BadInput json(String name, String body, String says) {
    return json(name, chat(body), says);
  }

  private static BadInput json(String name, byte[] request, String says) {
    return new BadInput("body", name, request, 400, "invalid_json", says, Then.USABLE);
  }

  private static BadInput tooLarge(String name, byte[] request) {
    return new BadInput(
        "body", name, request, 413, "request_too_large", "20971520 bytes", Then.CLOSED);
  }

  private static BadInput unsupported(String name, String says, String... lines) {
    return new BadInput(
        "body", name, chat(GOOD, lines), 415, "unsupported_media_type", says, Then.USABLE);
  }

  /** The good body with another field. */
  private static String with(String field) {
    return GOOD_BODY.substring(0, GOOD_BODY.length() - 1) + "," + field + "}";
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  /** Zeros in chunks, to the last one. */
  static byte[] chunks(int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size + size / 1000);
    byte[] chunk = new byte[64 << 10];
    for (int sent = 0; sent < size; sent += chunk.length) {
      out.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(ISO_8859_1));
      out.writeBytes(chunk);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return out.toByteArray();
  }
}
