package io.iir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.iir.config.StartException;
import io.iir.testing.Collector;
import io.iir.testing.FakeProvider;
import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import io.iir.testing.OtlpSpan;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Traces that are off, that hold what is said, that no collector takes, and that cannot be sent.
 */
class TraceSwitchesIT {

  private static final int CLIENT = 3;
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String BODY =
      """
      {"model":"up/m","stream":%s,"messages":[{"role":"system","content":"Be brief"},\
      {"role":"user","content":[{"type":"text","text":"Hello"}]}]}\
      """;

  @Test
  void withoutACollectorNothingIsStartedAndTheClientsHeadersArePassedOn() throws IOException {
    Set<Thread> before = Thread.getAllStackTraces().keySet(); // of other tests
    try (FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
        Gateway gateway = Gateway.start(Gateway.provider("up", provider.baseUrl()))) {
      gateway.chat(
          BODY.formatted(false), "traceparent", PARENT, "tracestate", "a=1", "baggage", "b=2");
      gateway.chat(BODY.formatted(false).replace("Hello", "Once more"));

      assertThat(gateway.bean(Traces.class).on()).isFalse();
      assertThat(gateway.context().getBeanNamesForType(SpanContext.class)).isEmpty();
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !before.contains(thread))
          .isNotEmpty()
          .extracting(Thread::getName)
          .noneMatch(name -> name.startsWith("Batch"));
      var with = provider.calls().getFirst().headers();
      assertThat(with.getFirst("traceparent")).isEqualTo(PARENT);
      assertThat(with.getFirst("tracestate")).isEqualTo("a=1");
      assertThat(with.getFirst("baggage")).isNull();
      assertThat(provider.calls().getLast().headers().getFirst("traceparent")).isNull();
    }
  }

  @Test
  void contentsAreRecordedWhereThatIsAskedFor() throws IOException {
    try (Collector collector = new Collector();
        FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("up", provider.baseUrl()),
                    collector.settings(),
                    new String[] {"iir.trace.contents=true", "iir.cache.enabled=false"}))) {
      gateway.chat(BODY.formatted(false));
      OtlpSpan whole = call(collector, 1);
      provider.behave(call -> {
        call.beginStream();
        call.token("H");
        call.token("i");
        call.endStream(5, 2);
      });
      gateway.chat(BODY.formatted(true));
      OtlpSpan stream = call(collector, 2);
      assertThat(
              gateway
                  .bean(MeterRegistry.class)
                  .get("gen_ai.client.operation.duration")
                  .tag("gen_ai.provider.name", "up")
                  .timer()
                  .count())
          .as("calls that are timed, although a span reads along")
          .isEqualTo(2);

      for (OtlpSpan span : List.of(whole, stream)) {
        assertThat(Gateway.json(span.get("gen_ai.input.messages")))
            .isEqualTo(
                Gateway.json(
                    """
                    [{"role":"system","parts":[{"type":"text","content":"Be brief"}]},
                     {"role":"user","parts":[{"type":"text","content":"Hello"}]}]
                    """));
        assertThat(Gateway.json(span.get("gen_ai.output.messages")))
            .isEqualTo(
                Gateway.json(
                    """
                    [{"role":"assistant","parts":[{"type":"text","content":"Hi"}],
                      "finish_reason":"stop"}]
                    """));
      }
    }
  }

  /** The latest call's span, once there are {@code count}. */
  private static OtlpSpan call(Collector collector, int count) {
    await().until(() -> calls(collector).size() == count);
    return calls(collector).getLast();
  }

  private static List<OtlpSpan> calls(Collector collector) {
    return collector.spans().stream().filter(span -> span.kind() == CLIENT).toList();
  }

  @Test
  void aCollectorThatIsAwayCostsNoRequest() throws IOException {
    int closed = FreePort.find();
    try (Gateway gateway =
        Gateway.start(
            "otel.exporter.otlp.endpoint=http://127.0.0.1:" + closed,
            "otel.bsp.schedule.delay=20",
            "otel.bsp.max.queue.size=64",
            "otel.bsp.max.export.batch.size=8")) {
      for (int i = 0; i < 40; i++) {
        String body =
            BODY.formatted(false).replace("up/m", "sim/echo").replace("Hello", "Say " + i);
        assertThat(gateway.chat(body).statusCode()).isEqualTo(200);
      }

      await().until(() -> spans(gateway, "dropped") > 0);
      assertThat(spans(gateway, "exported")).isZero();
    }
  }

  private static double spans(Gateway gateway, String outcome) {
    return gateway
        .bean(MeterRegistry.class)
        .get("iir.trace.spans")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void aProtocolThatTheGatewayDoesNotSpeakStopsTheStart() {
    assertThat(refusal("http://127.0.0.1:4317", "otel.exporter.otlp.protocol=grpc"))
        .isEqualTo(
            "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc', but the gateway sends traces by http/protobuf"
                + " alone.");
  }

  @Test
  void whatIsSentToTheCollectorIsNotRepeatedWhereItIsWrong() {
    assertThat(refusal("http://127.0.0.1:4318", "otel.exporter.otlp.headers=sk-secret-nameless"))
        .contains("OTEL_EXPORTER_OTLP_HEADERS is not")
        .doesNotContain("sk-secret");
  }

  @Test
  void anEndpointThatIsNoUrlStopsTheStart() {
    assertThat(refusal("collector:4318")).contains("collector:4318");
  }

  /** Why a gateway does not start. */
  private static String refusal(String endpoint, String... settings) {
    Throwable failure =
        catchThrowable(() ->
            Gateway.start(
                    Gateway.all(new String[] {"otel.exporter.otlp.endpoint=" + endpoint}, settings))
                .close());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StartException start) {
        return String.valueOf(start.getMessage());
      }
    }
    throw new AssertionError("it is not told why", failure);
  }
}
