package io.iir.flow;

import static io.iir.flow.BadInput.CHAT;
import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who brings no key is refused before a body is read, as if it had been. */
class KeyBeforeBodyIT {

  private static final String UNKNOWN_KEY = "Authorization: Bearer sk-iir-" + "a".repeat(43);
  private static final String API_KEY = "x-api-key: " + Gateway.ADMIN_KEY;
  private static final String LARGE = "Content-Length: " + (20 << 20);
  private static final String SMALL = "Content-Length: " + GOOD_BODY.length();
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start();
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
  }

  @AfterEach
  void nothingStaysBehind() {
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
  }

  static Stream<List<String>> keyless() {
    return Stream.of(
        List.of(),
        List.of("Authorization:"),
        List.of("Authorization: Basic YWRtaW46YWRtaW4="),
        List.of("Authorization: Bearer"),
        List.of("Authorization: Bearer wrong"),
        List.of("Authorization: Bearer sk-iir-short"),
        List.of("x-api-key:"),
        List.of("x-api-key: wrong"),
        List.of("Authorization: Basic YWRtaW46YWRtaW4=", API_KEY),
        List.of(API_KEY, API_KEY),
        List.of(KEY, KEY));
  }

  @Test
  void knowsAKeyWhereAnthropicsClientsSendIt() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(head(List.of(API_KEY, SMALL))).send(body()).read().status())
          .as("what is unknown is the model")
          .isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("keyless")
  void isToldAtTheHeadWhatAnUnknownKeyIsToldBehindTheBody(List<String> keys) throws IOException {
    try (RawHttp unknown = new RawHttp(gateway.port());
        RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer expected = unknown.send(head(List.of(UNKNOWN_KEY, SMALL))).send(body()).read();
      List<String> lines = new ArrayList<>(keys);
      lines.add(SMALL);

      RawHttp.Answer answer = client.send(head(lines)).read();

      assertThat(answer.status()).isEqualTo(expected.status()).isEqualTo(401);
      assertThat(answer.body()).isEqualTo(expected.body()).contains("invalid_api_key");
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
      assertThat(answer.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      client.send(body()); // is read and dropped
      assertUsable(client);
      assertUsable(unknown);
    }
  }

  @Test
  void isToldBeforeALargeBodyIsSentAndIsThenCutOff() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(head(List.of(LARGE))).send(new byte[64 << 10]).read();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("connection")).isEqualToIgnoringCase("close");
      client.awaitEnd();
    }
  }

  @Test
  void isToldAlthoughItSendsALargeBodyWholeBeforeItReads() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(head(List.of(LARGE))).send(new byte[20 << 20]).read();

      assertThat(answer.status()).isEqualTo(401);
      client.awaitEnd();
    }
  }

  @Test
  void isCutOffInABodyThatDoesNotEnd() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(head(List.of(CHUNKED))).read().status()).isEqualTo(401);
      client.send(BadBodies.chunks(1 << 20));
      client.awaitEnd();
    }
  }

  @Test
  void keepsTheConnectionBehindAFewChunks() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(head(List.of(CHUNKED))).read().status()).isEqualTo(401);
      client.send("5\r\nhello\r\n0\r\n\r\n");
      assertUsable(client);
    }
  }

  @Test
  void isNotAskedForItsBody() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(head(List.of("Expect: 100-continue", SMALL))).head();

      assertThat(answer.status()).as("and not 100").isEqualTo(401);
      assertThat(answer.header("connection")).isEqualToIgnoringCase("close");
    }
  }

  @Test
  void whoMayHaveAKeyIsAskedForItsBody() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(head(List.of(UNKNOWN_KEY, "Expect: 100-continue", SMALL)));
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.send(body()).read().status()).isEqualTo(401);
      assertUsable(client);
    }
  }

  @Test
  void administrationAsksForTheKeyFirstToo() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      byte[] head = raw("POST /api/v1/apikeys HTTP/1.1", HOST, JSON, LARGE);
      assertThat(client.send(head).read().status()).isEqualTo(401);
      client.awaitEnd();
    }
  }

  @Test
  void healthAsksForNoKey() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(raw("GET /health/live HTTP/1.1", HOST, SMALL)).send(body());
      assertThat(client.read().status()).isEqualTo(200);
      assertUsable(client);
    }
  }

  private static byte[] head(List<String> lines) {
    List<String> all = new ArrayList<>(List.of(CHAT, HOST, JSON));
    all.addAll(lines);
    return raw(all.toArray(String[]::new));
  }

  private static byte[] body() {
    return GOOD_BODY.getBytes(UTF_8);
  }

  private static void assertUsable(RawHttp client) throws IOException {
    RawHttp.Answer next = client.send(raw("GET /health/live HTTP/1.1", HOST)).read();
    assertThat(next.status()).as(next.body()).isEqualTo(200);
  }
}
