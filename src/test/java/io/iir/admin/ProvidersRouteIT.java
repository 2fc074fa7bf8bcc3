package io.iir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ProvidersRouteIT {

  private static FakeProvider provider;
  private static FakeProvider broken;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider =
        new FakeProvider(call -> {
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            for (int i = 0; i < 10; i++) {
              call.token("word ");
            }
            call.endStream(3, 10);
          } else {
            call.completion("well", 1, 1);
          }
        });
    broken = new FakeProvider(call -> call.json(500, "{\"error\":{\"message\":\"burnt\"}}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("good", provider.baseUrl()),
                Gateway.provider("bad", broken.baseUrl())));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
    broken.close();
  }

  @Test
  void showsHowProvidersAre() {
    assertThat(chat("good/m", true).body()).endsWith(Chunks.DONE);
    JsonNode good = provider("good");
    assertThat(good.path("state").asText()).isEqualTo("up");
    assertThat(good.path("waiting").asInt()).isZero();
    JsonNode model = good.at("/models/0");
    assertThat(model.path("id").asText()).isEqualTo("good/m");
    assertThat(model.path("breaker").asText()).isEqualTo("closed");
    assertThat(model.at("/ttft_ms/p50").asDouble()).isPositive();
    assertThat(model.at("/ttft_ms/p95").asDouble())
        .isGreaterThanOrEqualTo(model.at("/ttft_ms/p50").asDouble());
    assertThat(model.at("/tokens_per_second/p50").asDouble()).isPositive();
    assertThat(model.path("last_error").isNull()).isTrue();
    assertThat(gateway.get("/api/v1/providers").body())
        .contains("\"object\":\"list\"", "\"name\":\"good\"", "\"name\":\"sim\"");
  }

  @Test
  void showsWhatIsDownAndWhy() {
    for (int i = 0; i < 6; i++) {
      assertThat(chat("bad/m", false).statusCode()).isIn(502, 503);
    }
    JsonNode bad = provider("bad");
    assertThat(bad.path("state").asText()).isEqualTo("down");
    assertThat(bad.at("/models/0/breaker").asText()).isEqualTo("open");
    assertThat(bad.at("/last_error/message").asText()).isEqualTo("answered 500: burnt");
    JsonNode health = Gateway.json(gateway.get("/health").body());
    assertThat(health.path("status").asText()).isEqualTo("degraded");
    assertThat(health.at("/components/providers/bad/status").asText()).isEqualTo("degraded");
    assertThat(health.at("/components/providers/good/status").asText()).isEqualTo("ok");
    assertThat(gateway.get("/metrics").body())
        .contains("iir_breaker_changes_total{gen_ai_provider_name=\"bad\",state=\"open\"}");
  }

  @Test
  void aDrainedProviderGetsNoCalls() throws Exception {
    assertThat(post("/api/v1/providers/good/drain").body()).contains("\"state\":\"drained\"");
    int before = provider.calls().size();
    HttpResponse<String> refused = chat("good/other", false);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("good/other is drained");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(provider.calls()).hasSize(before);
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.iir:type=Provider,name=\"good\"");
    assertThat(beans.getAttribute(name, "State")).isEqualTo("drained");
    assertThat(post("/api/v1/providers/good/enable").statusCode()).isEqualTo(200);
    assertThat(chat("good/other", false).statusCode()).isEqualTo(200);
    assertThat(beans.invoke(name, "drain", null, null)).isNull();
    assertThat(chat("good/another", false).statusCode()).isEqualTo(503);
    assertThat(beans.invoke(name, "enable", null, null)).isNull();
    assertThat(beans.getAttribute(name, "State")).isEqualTo("up");
    assertThat(
            gateway
                .bean(JdbcClient.class)
                .sql("select action from audit_log where subject = 'good' order by at")
                .query(String.class)
                .list())
        .containsExactly("provider.drain", "provider.enable");
  }

  @Test
  void onlyTheAdministratorMayAndOnlyWhatThereIs() {
    HttpResponse<String> unknown = post("/api/v1/providers/none/drain");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("There is no provider 'none'.");
    assertThat(gateway.get("/api/v1/providers/none").statusCode()).isEqualTo(404);
    Gateway.NewKey key = gateway.newKey("{\"name\":\"k\"}");
    assertThat(
            gateway
                .get("/api/v1/providers", "Authorization", "Bearer " + key.secret())
                .statusCode())
        .isEqualTo(403);
  }

  private static JsonNode provider(String name) {
    return Gateway.json(gateway.get("/api/v1/providers/" + name).body());
  }

  private static HttpResponse<String> post(String path) {
    return gateway.send(gateway.request(path).POST(BodyPublishers.noBody()).build());
  }

  private static HttpResponse<String> chat(String model, boolean stream) {
    return gateway.chat(
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .formatted(model, stream),
        "Cache-Control",
        "no-store");
  }
}
