package io.iir.flow;

import static io.iir.testing.Chunks.DONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.InflightRepository;
import org.junit.jupiter.api.Test;

/** A gateway that stops lets the answers under way end. */
class DrainIT {

  private static final String WHOLE =
      """
      {"model":"fake/m","messages":[{"role":"user","content":"Hello"}]}\
      """;

  /** Another question: the same would wait for the first one's answer. */
  private static final String STREAM =
      WHOLE.replace("{\"model\"", "{\"stream\":true,\"model\"").replace("Hello", "Good morning");

  @Test
  void answersUnderWayEndAndNewRequestsAreRefused() throws Exception {
    Semaphore goOn = new Semaphore(0);
    FakeProvider.Behaviour behaviour =
        call -> {
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            call.token("a");
            StreamIT.take(goOn);
            call.endStream(5, 1);
          } else {
            StreamIT.take(goOn);
            call.completion("Hi", 5, 1);
          }
        };
    try (FakeProvider provider = new FakeProvider(behaviour);
        Gateway gateway = Gateway.start(Gateway.provider("fake", provider.baseUrl()));
        RawClient stream = RawClient.chat(gateway, STREAM);
        RawClient whole = RawClient.chat(gateway, WHOLE)) {
      assertThat(stream.event()).contains("\"a\"");
      await().until(() -> provider.calls().size() == 2);
      InflightRepository inflight = gateway.bean(CamelContext.class).getInflightRepository();
      await().until(() -> inflight.size("chat-completions") == 2);

      int port = gateway.port();
      GatewayServer server = gateway.bean(GatewayServer.class);
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> gateway.context().close(), task -> new Thread(task).start());
      await().until(() -> !server.ready());

      try (RawClient late = RawClient.chat(gateway, WHOLE)) {
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.header("Connection")).isEqualToIgnoringCase("close");
        assertThat(late.header("Retry-After")).isEqualTo("1");
        assertThat(late.rest()).contains("no_target_available").contains("stopping");
      }
      assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(503);
      HttpResponse<String> live = gateway.get("/health/live");
      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(closing).isNotDone();

      goOn.release(2);
      assertThat(stream.rest()).endsWith(DONE);
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.rest()).contains("Hi");
      closing.get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whatTakesTooLongIsCutOff() throws Exception {
    try (FakeProvider provider = new FakeProvider(FakeProvider.Call::awaitLeaving);
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("fake", provider.baseUrl()),
                    new String[] {"iir.shutdown.grace=200ms"}));
        RawClient client = RawClient.chat(gateway, WHOLE)) {
      await().until(() -> provider.calls().size() == 1);
      gateway.context().close();
      provider.call().left().get(10, TimeUnit.SECONDS);
      assertThat(gateway.context().isActive()).isFalse();
      assertThat(client).isNotNull();
    }
  }
}
