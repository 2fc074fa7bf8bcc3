package io.iir.flow;

import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.chat;
import static io.iir.flow.BadInput.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Good requests in unusual forms, each on a connection of its own. */
class ConnectionsIT {

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.enabled=false"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  /** The answer waits for the end of the loop's round, in which the client's end comes. */
  @RepeatedTest(50)
  void whoEndsBehindItsRequestIsAnswered() throws Exception {
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(raw("GET /health/live HTTP/1.1", HOST)).finish();
      assertThat(client.read().status()).isEqualTo(200);
      client.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.yaml",
        "/v1/models",
        "/v1/models/sim/echo",
        "/api/v1/apikeys"
      })
  void headIsAnsweredWhereGetIs(String path) throws Exception {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer head = client.send(raw("HEAD " + path + " HTTP/1.1", HOST, KEY)).head();
      RawHttp.Answer get = client.send(raw("GET " + path + " HTTP/1.1", HOST, KEY)).read();

      assertThat(head.status()).isEqualTo(get.status()).isEqualTo(200);
      assertThat(head.names()).containsExactlyInAnyOrderElementsOf(get.names());
      assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
    }
  }

  /** Answered before the end of the client's side is seen, which counts as its leaving. */
  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/v1/models", "/openapi.yaml"})
  void aClientThatHasFinishedSendingIsAnsweredWhatIsAtHand(String path) throws Exception {
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(raw("GET " + path + " HTTP/1.1", HOST, KEY)).finish();

      assertThat(client.read().status()).isEqualTo(200);
      client.awaitEnd();
    }
  }

  @Test
  void aRequestThatComesInTheMiddleOfAStreamIsAnsweredBehindIt() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      sent.await();
      call.token("b");
      call.endStream(5, 2);
    });
    String stream = GOOD_BODY.replace("{\"model\"", "{\"stream\":true,\"model\"");
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(chat(stream)).send(raw("GET /health/live HTTP/1.1", HOST));
      sent.countDown();

      assertThat(client.read().body()).contains("\"a\"", "\"b\"").endsWith("data: [DONE]\n\n");
      assertThat(client.read().body()).contains("\"status\"");
    }
  }
}
