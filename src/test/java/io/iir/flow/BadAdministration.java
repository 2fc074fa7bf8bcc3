package io.iir.flow;

import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.flow.BadInput.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Calls of the administration by the wrong people, or with bodies that it cannot do with. */
final class BadAdministration {

  private static final String CREATE = "POST /api/v1/apikeys HTTP/1.1";

  private BadAdministration() {}

  /** All of them; {@code userKey} may call models only. */
  static List<BadInput> all(String userKey) {
    List<BadInput> all = new ArrayList<>();
    Stream.of(
            "GET /api/v1/apikeys",
            "POST /api/v1/apikeys",
            "GET /api/v1/apikeys/x",
            "PATCH /api/v1/apikeys/x",
            "DELETE /api/v1/apikeys/x")
        .forEach(call -> {
          String line = call + " HTTP/1.1";
          all.add(bad(call + " without a key", raw(line, HOST), 401, "invalid_api_key", "API key"));
          all.add(
              bad(
                  call + " with a user's key",
                  raw(line, HOST, "Authorization: Bearer " + userKey),
                  403,
                  "admin_required",
                  "administrator"));
        });
    all.add(json("an empty body", "", "empty"));
    all.add(json("a truncated body", "{\"name\":", "not valid JSON"));
    all.add(json("a duplicate field", "{\"name\":\"a\",\"name\":\"b\"}", "not valid JSON"));
    all.add(json("something behind", "{\"name\":\"a\"} x", "not valid JSON"));
    all.add(json("5,000 levels", "[".repeat(5000), "not valid JSON"));
    all.add(json("invalid UTF-8", "{\"name\":\"\u00c3(\"}", "not valid JSON"));
    all.add(json("invalid UTF-32", "\0\0\0\"\u00ff\u00ff\u00ff\u00ff", "not valid JSON"));
    all.add(field("an array", "[]", "must be a JSON object"));
    all.add(field("no name", "{}", "'name' is missing"));
    all.add(field("a number as name", "{\"name\":1}", "name"));
    all.add(field("an unknown field", "{\"name\":\"a\",\"role\":\"admin\"}", "role"));
    all.add(field("models a string", "{\"name\":\"a\",\"models\":\"*\"}", "models"));
    all.add(field("a negative limit", "{\"name\":\"a\",\"limits\":{\"rpm\":-1}}", "rpm"));
    all.add(
        field(
            "a time gone by",
            "{\"name\":\"a\",\"expires_at\":\"2001-01-01T00:00:00Z\"}",
            "future"));
    Stream.of("text/plain", "multipart/form-data; boundary=x")
        .flatMap(type ->
            Stream.of(CREATE, "PATCH /api/v1/apikeys/x HTTP/1.1")
                .map(line ->
                    bad(
                        line.substring(0, line.lastIndexOf(' ')) + " as " + type,
                        raw(
                            "{}".getBytes(UTF_8),
                            line,
                            HOST,
                            KEY,
                            "Content-Type: " + type,
                            "Content-Length: 2"),
                        415,
                        "unsupported_media_type",
                        "application/json")))
        .forEach(all::add);
    all.add(
        bad(
            "an unknown key",
            raw("GET /api/v1/apikeys/key_nope HTTP/1.1", HOST, KEY),
            404,
            "not_found",
            "'key_nope'"));
    return all;
  }

  private static BadInput json(String name, String body, String says) {
    return bad(name, create(body.getBytes(ISO_8859_1)), 400, "invalid_json", says);
  }

  private static BadInput field(String name, String body, String says) {
    return bad(name, create(body.getBytes(UTF_8)), 400, "invalid_request", says);
  }

  private static byte[] create(byte[] body) {
    return raw(body, CREATE, HOST, KEY, JSON, "Content-Length: " + body.length);
  }

  private static BadInput bad(String name, byte[] request, int status, String code, String says) {
    return new BadInput("administration", name, request, status, code, says, Then.USABLE);
  }
}
