package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a route throws, and on whichever thread, its client is answered. */
class CatchAllIT {

  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = Gateway.start("iir.shutdown.grace=100ms");
    gateway
        .bean(CamelContext.class)
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("platform-http:/overflow-here").process(exchange -> overflow());
                from("platform-http:/overflow-elsewhere")
                    .threads()
                    .executorService(FlowConfiguration.BLOCKING)
                    .process(exchange -> overflow());
                from("platform-http:/error-elsewhere")
                    .threads()
                    .executorService(FlowConfiguration.BLOCKING)
                    .process(exchange -> {
                      throw new AssertionError("thrown by the test");
                    });
              }
            });
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
  }

  private static void overflow() {
    throw new StackOverflowError("thrown by the test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/overflow-here", "/overflow-elsewhere", "/error-elsewhere"})
  void answersWhateverIsThrown(String path) throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer =
          client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("internal_error");
    }
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
  }
}
