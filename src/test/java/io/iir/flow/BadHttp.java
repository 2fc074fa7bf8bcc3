package io.iir.flow;

import static io.iir.flow.BadInput.CHAT;
import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.goodChat;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.flow.BadInput.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests that break HTTP, try to smuggle another one, or ask for what there is not. */
final class BadHttp {

  private static final byte[] GOOD = GOOD_BODY.getBytes(UTF_8);
  private static final String LENGTH = "Content-Length: " + GOOD.length;
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private BadHttp() {}

  static List<BadInput> all() {
    List<BadInput> all = new ArrayList<>();
    framing(all);
    heads(all);
    targets(all);
    methods(all);
    return all;
  }

  /** Where a body ends: two answers to that are one request too many. */
  private static void framing(List<BadInput> all) {
    all.add(chunks("both Content-Length and Transfer-Encoding", "", LENGTH, CHUNKED));
    all.add(chunks("Transfer-Encoding: chunked, identity", "", CHUNKED + ", identity"));
    all.add(chunks("Transfer-Encoding: chunked, xchunked", "", CHUNKED + ", xchunked"));
    all.add(chunks("Transfer-Encoding: gzip, chunked", "", "Transfer-Encoding: gzip, chunked"));
    all.add(chunks("Transfer-Encoding twice", "", CHUNKED, "Transfer-Encoding: identity"));
    all.add(chunks("Transfer-Encoding: xchunked", "", "Transfer-Encoding: xchunked"));
    all.add(refused("two Content-Lengths", body(LENGTH, "Content-Length: 5"), "Content-Length"));
    all.add(refused("a signed Content-Length", body("Content-Length: +5"), "Content-Length"));
    all.add(refused("a negative Content-Length", body("Content-Length: -5"), "not a valid HTTP"));
    all.add(refused("a list as Content-Length", body(LENGTH + ", 5"), "Content-Length"));
    all.add(
        refused(
            "chunks in HTTP/1.0",
            raw("POST /v1/chat/completions HTTP/1.0", HOST, KEY, JSON, CHUNKED),
            "Transfer-Encoding"));
    all.add(
        refused(
            "a chunk without a size",
            raw(bytes("zz\r\nhello\r\n0\r\n\r\n"), CHAT, HOST, KEY, JSON, CHUNKED),
            "not a valid HTTP request"));
    all.add(
        refused(
            "a chunk size behind a bare LF",
            raw(bytes("5\nhello\n0\n\n"), CHAT, HOST, KEY, JSON, CHUNKED),
            "not a valid HTTP request"));
    all.add(
        refused(
            "a chunk longer than it says",
            raw(bytes("2\r\nhello\r\n0\r\n\r\n"), CHAT, HOST, KEY, JSON, CHUNKED),
            "not a valid HTTP request"));
  }

  private static void heads(List<BadInput> all) {
    all.add(refused("garbage", bytes("\u0001\u0002\u0003 what is this\r\n\r\n"), "not a valid"));
    all.add(refused("HTTP/0.9", bytes("GET /health\r\n\r\n"), "not a valid HTTP request"));
    all.add(
        refused("HTTP/2's preface", bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, "HTTP/1.1"));
    all.add(refused("HTTP/3.0", bytes("GET /health HTTP/3.0\r\nHost: g\r\n\r\n"), 505, "HTTP/1.1"));
    all.add(refused("a version that is none", get("/health HTTP/x"), "not a valid HTTP request"));
    all.add(refused("no Host", raw("GET /health HTTP/1.1"), "exactly one Host"));
    all.add(refused("two Hosts", raw("GET /health HTTP/1.1", HOST, HOST), "exactly one Host"));
    all.add(refused("a space before a colon", goodChat("X-Title : t"), "not a valid HTTP request"));
    all.add(refused("a header without a name", goodChat(": value"), "not a valid HTTP request"));
    all.add(refused("a raw CR in a header", goodChat("x-request-id: a\rSet-Cookie: b"), "not a"));
    all.add(refused("a NUL in a header", goodChat("x-request-id: a\0b"), "not a valid HTTP"));
    all.add(
        refused(
            "lines that end in bare LF",
            bytes("GET /health HTTP/1.1\nHost: gateway\n\n"),
            "not a valid HTTP request"));
    all.add(
        refused(
            "a header behind a bare LF",
            goodChat("x-title: a\nTransfer-Encoding: chunked"),
            "not a valid HTTP request"));
    all.add(refused("an expectation", goodChat("Expect: a-miracle"), 417, "100-continue"));
    String[] many =
        IntStream.range(0, 200).mapToObj(i -> "X-Many-" + i + ": 1").toArray(String[]::new);
    all.add(refused("200 headers", goodChat(many), 431, "headers; 100 is the most"));
    all.add(refused("a header of 9 KB", goodChat("X-Long: " + "a".repeat(9 << 10)), 431, "X-Long"));
    String[] large =
        IntStream.range(0, 20)
            .mapToObj(i -> "X-Large-" + i + ": " + "a".repeat(4 << 10))
            .toArray(String[]::new);
    all.add(refused("80 KB of headers", goodChat(large), 431, "too large"));
    all.add(refused("a first line of 9 KB", get("/" + "a".repeat(9 << 10)), 414, "first line"));
  }

  private static void targets(List<BadInput> all) {
    all.add(refused("another scheme", get("ftp://gateway/health"), "must be a path"));
    all.add(
        refused("https where there is no TLS", get("https://gateway/health"), "must be a path"));
    all.add(refused("an absolute target without host", get("http:///health"), "must be a path"));
    all.add(refused("a target without a slash", get("health"), "must be a path"));
    all.add(refused("an asterisk", raw("OPTIONS * HTTP/1.1", HOST), "must be a path"));
    all.add(refused("CONNECT to a host", raw("CONNECT evil:443 HTTP/1.1", HOST), "must be a path"));
    all.add(refused("a broken escape", get("/v1/models/%zz"), "must be a path"));
    all.add(refused("an escape cut off", get("/v1/models/%4"), "must be a path"));
    all.add(refused("a sign that is to be escaped", get("/v1/models/a|b"), "must be a path"));
    all.add(refused("a fragment", get("/health#top"), "must be a path"));
    all.add(refused("raw UTF-8", get("/v1/models/\u00c3\u00a9"), "must be a path"));
    all.add(refused("a NUL escaped", get("/v1/models%00"), "must not hold %00"));
    all.add(
        refused("a NUL in a model's path", get("/v1/models/fake%2fa%00b"), "must not hold %00"));
    all.add(notFound("an unknown path", get("/v1/nothing")));
    all.add(notFound("the root", get("/")));
    all.add(notFound("a path that climbs", get("/v1/../v1/models")));
    all.add(notFound("an escaped path that climbs", get("/v1/%2e%2e/v1/models")));
    all.add(notFound("two slashes", get("//v1/models")));
    all.add(notFound("a trailing slash", get("/health/")));
    all.add(notFound("other letters", get("/V1/Models")));
    all.add(notFound("a body to an unknown path", raw(GOOD, "POST /v1/x HTTP/1.1", HOST, LENGTH)));
    all.add(
        new BadInput(
            "HTTP",
            "a model's path that climbs",
            raw("GET /v1/models/../chat/completions HTTP/1.1", HOST, KEY),
            404,
            "provider_not_found",
            "there is no provider '..'",
            Then.USABLE));
  }

  private static void methods(List<BadInput> all) {
    Stream.of("GET", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO")
        .map(method -> method + " /v1/chat/completions HTTP/1.1")
        .map(line -> wrongMethod(line, "use POST"))
        .forEach(all::add);
    all.add(wrongMethod("POST /v1/models HTTP/1.1", "use GET, HEAD"));
    all.add(wrongMethod("DELETE /health HTTP/1.1", "use GET"));
    all.add(wrongMethod("TRACE /health HTTP/1.1", "use GET"));
    all.add(wrongMethod("PUT /api/v1/apikeys HTTP/1.1", "use GET, HEAD, POST"));
    all.add(wrongMethod("POST /api/v1/apikeys/x HTTP/1.1", "use DELETE, GET, HEAD, PATCH"));
  }

  private static BadInput wrongMethod(String line, String says) {
    String name = line.substring(0, line.lastIndexOf(' '));
    return new BadInput(
        "HTTP", name, raw(line, HOST, KEY), 405, "method_not_allowed", says, Then.USABLE);
  }

  private static BadInput notFound(String name, byte[] request) {
    return new BadInput(
        "HTTP", name, request, 404, "not_found", "there is nothing at", Then.USABLE);
  }

  /** Chunked as its {@code lines} have it, with another request smuggled behind. */
  private static BadInput chunks(String name, String says, String... lines) {
    List<String> head = new ArrayList<>(List.of(CHAT, HOST, KEY, JSON));
    head.addAll(List.of(lines));
    byte[] body = bytes("0\r\n\r\nGET /health HTTP/1.1\r\nHost: smuggled\r\n\r\n");
    return refused(name, raw(body, head.toArray(String[]::new)), says);
  }

  private static BadInput refused(String name, byte[] request, String says) {
    return refused(name, request, 400, says);
  }

  private static BadInput refused(String name, byte[] request, int status, String says) {
    return new BadInput("HTTP", name, request, status, "invalid_request", says, Then.CLOSED);
  }

  private static byte[] body(String... lines) {
    List<String> head = new ArrayList<>(List.of(CHAT, HOST, KEY, JSON));
    head.addAll(List.of(lines));
    return raw(GOOD, head.toArray(String[]::new));
  }

  private static byte[] get(String target) {
    String line = "GET " + target + (target.contains(" HTTP/") ? "" : " HTTP/1.1");
    return raw(line, HOST, KEY);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
