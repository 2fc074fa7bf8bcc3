package io.iir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.Collector;
import io.iir.testing.Gateway;
import io.iir.testing.OtlpSpan;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which entries have traces, and meters that show one. */
class TracedEntriesIT {

  private static final int SERVER = 2;
  private static Collector collector;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    collector = new Collector();
    gateway = Gateway.start(collector.settings());
    gateway
        .bean(CamelContext.class)
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("platform-http:/v1/own?httpMethodRestrict=GET,POST")
                    .routeId("own")
                    .setBody(constant("own"));
                from("platform-http:/v1/any").routeId("any").setBody(constant("any"));
              }
            });
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    collector.close();
  }

  @Test
  void anEntryOfSeveralMethodsHasThemAll() {
    gateway.get("/v1/own");
    assertThat(gateway.send(gateway.request("/v1/own").POST(BodyPublishers.noBody()).build()))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    gateway.send(gateway.request("/v1/any").method("PATCH", BodyPublishers.noBody()).build());

    await().until(() -> names().contains("PATCH /v1/any"));
    assertThat(names()).contains("GET /v1/own", "POST /v1/own");
  }

  @Test
  void whatMachinesAskForHasNone() {
    for (String path : List.of("/health", "/health/live", "/metrics", "/docs")) {
      assertThat(gateway.get(path).statusCode()).as(path).isEqualTo(200);
    }
    gateway.get("/v1/models");

    await().until(() -> names().contains("GET /v1/models"));
    assertThat(names()).noneMatch(name -> name.contains("/health") || name.contains("/metrics"));
    assertThat(names()).noneMatch(name -> name.contains("/docs"));
  }

  @Test
  void aRefusalSaysWhichStepWasTheLast() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/embeddings", "Authorization", "Bearer sk-wrong")
                .POST(BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.statusCode()).isEqualTo(401);
    OtlpSpan server = server("POST /v1/embeddings");
    assertThat(server.get("http.response.status_code")).isEqualTo("401");
    assertThat(server.status()).isZero();
    assertThat(collector.trace(server.traceId()))
        .filteredOn(span -> span.kind() != SERVER)
        .extracting(OtlpSpan::name)
        .containsExactly("authenticate");
  }

  /** The only test with this entry: a bucket keeps an example for a while. */
  @Test
  void metersShowAnExampleOfTheTrace() {
    String body = "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    assertThat(gateway.chat(body).statusCode()).isEqualTo(200);
    OtlpSpan server = server("POST /v1/chat/completions");

    HttpResponse<String> metrics =
        gateway.get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
    assertThat(metrics.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(metrics.body())
        .contains("span_id=\"%s\",trace_id=\"%s\"".formatted(server.spanId(), server.traceId()))
        .endsWith("# EOF\n");
    assertThat(gateway.get("/metrics").body()).doesNotContain("trace_id");
  }

  /** The request's span, which is the last to be sent. */
  private static OtlpSpan server(String name) {
    await().until(() -> names().contains(name));
    return servers().stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<OtlpSpan> servers() {
    return collector.spans().stream().filter(span -> span.kind() == SERVER).toList();
  }

  private static List<String> names() {
    return servers().stream().map(OtlpSpan::name).toList();
  }
}
