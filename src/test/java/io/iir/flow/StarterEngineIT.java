package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * The same routes on the engine that Camel's starter brings, a servlet container, with camel-http
 * towards providers: nothing in the flow needs the gateway's own engine.
 */
class StarterEngineIT {

  /** All that is configured by itself where it is on the class path: that engine, too. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {FlywayAutoConfiguration.class, ManagementContextAutoConfiguration.class},
      excludeName = {
        "io.hawt.springboot.HawtioEndpointAutoConfiguration",
        "io.hawt.springboot.HawtioLogAutoConfiguration"
      })
  static class StarterEngine {}

  private static final String ASK =
      """
      {"model":"fake/m","messages":[{"role":"user","content":"Hello"}]}\
      """;

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "gateway.engine=starter",
                  "gateway.backend-uri=direct:http-provider",
                  "server.port=0",
                  "spring.main.web-application-type=servlet",
                  "spring.main.sources=" + StarterEngine.class.getName()
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void forget() {
    provider.calls().clear();
  }

  @Test
  void theGatewaysOwnServerIsNotThere() {
    assertThat(gateway.context().getBeansOfType(GatewayServer.class)).isEmpty();
  }

  @Test
  void aWholeAnswer() {
    provider.behave(call -> call.completion("Hi", 5, 1));
    HttpResponse<String> answer = gateway.chat(ASK, "X-Secret", "x", "x-request-id", "mine");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"content\":\"Hi\"");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("X-Route-Model")).contains("m");
    assertThat(answer.headers().firstValue("x-request-id")).contains("mine");
    assertThat(answer.headers().firstValue("X-Secret")).isEmpty();
    assertThat(provider.call().target()).isEqualTo("/v1/chat/completions");
    assertThat(provider.call().body()).contains("\"model\":\"m\"");
    assertThat(provider.call().headers().getFirst("Authorization"))
        .isEqualTo("Bearer sk-upstream-fake");
    assertThat(provider.call().headers().getFirst("X-Secret")).isNull();
  }

  @Test
  void aStreamPassedThrough() {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.endStream(5, 1);
    });
    HttpResponse<String> answer =
        gateway.chat(ASK.replace("{\"model\"", "{\"stream\":true,\"model\""));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(answer.body()).startsWith("data: {").endsWith("[DONE]\n\n");
  }

  @Test
  void aProvidersRefusal() {
    provider.behave(call -> call.json(400, "{\"error\":{\"message\":\"no such role\"}}"));
    HttpResponse<String> answer = gateway.chat(ASK);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("no such role");
    assertThat(answer.headers().firstValue("x-iir-error-source")).contains("provider");
  }

  @Test
  void aProviderThatFails() {
    provider.behave(FakeProvider.Call::close);
    HttpResponse<String> answer = gateway.chat(ASK);
    assertThat(answer.statusCode()).isBetween(502, 503);
    assertThat(answer.body()).contains("fake/m");
  }

  @Test
  void anUnknownModel() {
    HttpResponse<String> answer = gateway.chat(ASK.replace("fake/m", "nobody/m"));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("provider_not_found");
  }

  @Test
  void aStranger() {
    HttpResponse<String> answer = gateway.chat(ASK, "Authorization", "Bearer sk-wrong");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("invalid_api_key");
  }

  @Test
  void theSimulator() {
    HttpResponse<String> whole = gateway.chat(ASK.replace("fake/m", "sim/echo"));
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).contains("[simulated] Hello");
    HttpResponse<String> stream =
        gateway.chat(
            ASK.replace("fake/m", "sim/echo").replace("{\"model\"", "{\"stream\":true,\"model\""));
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.body()).contains("Hello").endsWith("[DONE]\n\n");
  }
}
