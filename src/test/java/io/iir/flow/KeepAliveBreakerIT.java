package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.net.http.HttpRequest;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A comment is the gateway's own: it says nothing of the model. */
class KeepAliveBreakerIT {

  private static final String ASK =
      """
      {"model":"fake/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}\
      """;

  @Test
  void onlyAnEventMakesAModelWellAgain() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.json(500, "{}"));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("fake", provider.baseUrl()),
                    new String[] {
                      "iir.cache.enabled=false",
                      "iir.retry.attempts=0",
                      "iir.stream.keep-alive=100ms",
                      "iir.breaker.minimum-calls=2",
                      "iir.breaker.open-for=1h"
                    }))) {
      while (gateway.chat(ASK).statusCode() != 503) {
        // until its breaker is open
      }
      assertThat(breaker(gateway)).isEqualTo("open");
      tryAgain(gateway);
      provider.calls().clear();
      provider.behave(Call::awaitLeaving);
      for (int i = 0; i < 10; i++) {
        try (RawClient client = RawClient.chat(gateway, ASK)) {
          assertThat(client.event()).isEqualTo(": keep-alive\n\n");
        }
        await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
      }
      assertThat(provider.calls()).hasSize(10);
      assertThat(breaker(gateway)).isEqualTo("half_open");
      Semaphore goOn = new Semaphore(0);
      provider.behave(call -> {
        StreamIT.take(goOn);
        call.beginStream();
        call.token("a");
        call.awaitLeaving();
      });
      for (int i = 0; i < 2; i++) {
        try (RawClient client = RawClient.chat(gateway, ASK)) {
          assertThat(client.event()).startsWith(":");
          goOn.release();
          String event = client.event();
          while (event != null && event.startsWith(":")) {
            event = client.event();
          }
          assertThat(event).contains("\"a\"");
        }
      }
      await().until(() -> isClosed(gateway));
    }
  }

  private static boolean isClosed(Gateway gateway) {
    return breaker(gateway).equals("closed");
  }

  private static String breaker(Gateway gateway) {
    return Gateway.json(gateway.get("/api/v1/providers/fake").body())
        .path("models")
        .findValuesAsText("breaker")
        .getFirst();
  }

  private static void tryAgain(Gateway gateway) {
    gateway.send(
        gateway
            .request("/api/v1/providers/fake/enable")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }
}
