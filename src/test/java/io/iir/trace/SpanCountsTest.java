package io.iir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans that are not sent are counted, and their places given back. */
class SpanCountsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SpanCounts counts = new SpanCounts(registry);

  /** Throws what it is given. */
  private static final class Broken implements SpanExporter {

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      throw new IllegalStateException("no such host");
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void anExporterThatThrowsGivesItsSpansBack() {
    SpanExporter broken = counts.counted(new Broken());
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(counts.bounded(SimpleSpanProcessor.create(broken), 1))
            .build()) {
      for (int i = 0; i < 3; i++) {
        provider.get("test").spanBuilder("a").startSpan().end();
      }
    }

    assertThat(count("failed")).isEqualTo(3);
    assertThat(count("dropped")).isZero();
    assertThatThrownBy(() -> broken.export(List.of())).hasMessage("no such host");
  }

  private double count(String outcome) {
    return registry.get("iir.trace.spans").tag("outcome", outcome).counter().count();
  }
}
