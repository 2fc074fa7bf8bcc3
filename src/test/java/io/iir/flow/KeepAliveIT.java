package io.iir.flow;

import static io.iir.testing.Chunks.DONE;
import static io.iir.testing.Chunks.FINISH;
import static io.iir.testing.Chunks.event;
import static io.iir.testing.Chunks.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Comments for a client that waits for its first token. */
class KeepAliveIT {

  private static final String COMMENT = ": keep-alive\n\n";
  private static final String ASK =
      """
      {"model":"fake/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}\
      """;

  private static final Semaphore GO_ON = new Semaphore(0);
  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.enabled=false", "iir.stream.keep-alive=200ms"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @Test
  void aWaitingClientGetsCommentsAndThenTheStream() throws Exception {
    provider.behave(call -> {
      StreamIT.take(GO_ON);
      call.beginStream();
      call.token("a");
      call.endStream(5, 1);
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("X-Route-Model")).isEqualTo("m");
      assertThat(client.event()).isEqualTo(COMMENT);
      assertThat(client.event()).isEqualTo(COMMENT);
      GO_ON.release();
      assertThat(client.rest().replace(COMMENT, ""))
          .isEqualTo(event(token("a")) + event(FINISH) + DONE);
    }
  }

  @Test
  void commentsEndWhenTheProviderBreaksOff() throws Exception {
    expectError(FakeProvider.Call::close, "the connection was closed");
  }

  @Test
  void commentsEndWhenTheProviderRefuses() throws Exception {
    expectError(
        call -> call.json(503, "{\"error\":{\"message\":\"no memory\"}}"),
        "answered 503: no memory");
  }

  @Test
  void commentsEndWhenTheProviderFailsInItsStream() throws Exception {
    expectError(
        call -> {
          call.beginStream();
          call.endChunks();
        },
        "ended before its answer did");
  }

  @Test
  void aWholeAnswerAfterACommentIsReplayed() throws Exception {
    provider.behave(call -> {
      StreamIT.take(GO_ON);
      call.completion("Hello there", 5, 2);
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.event()).isEqualTo(COMMENT);
      GO_ON.release();
      String all = client.rest().replace(COMMENT, "");
      assertThat(StreamIT.contentOf(all)).isEqualTo("Hello there");
      assertThat(all).endsWith(DONE);
    }
  }

  private static void expectError(FakeProvider.Behaviour failure, String message) throws Exception {
    provider.behave(call -> {
      StreamIT.take(GO_ON);
      failure.answer(call);
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.event()).isEqualTo(COMMENT);
      GO_ON.release();
      String event = client.event();
      while (COMMENT.equals(event)) {
        event = client.event();
      }
      var error = StreamIT.errorIn(event);
      assertThat(error.path("code").asText()).isEqualTo("provider_error");
      assertThat(error.path("message").asText()).contains(message);
      assertThat(client.event()).isNull();
    }
  }
}
