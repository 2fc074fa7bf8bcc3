package io.iir.trace;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what becomes of spans: the collector took them, did not, or they were dropped because too
 * many waited for it. Thread-safe.
 */
final class SpanCounts {

  private final Counter exported;
  private final Counter failed;
  private final Counter dropped;
  private final AtomicInteger waiting = new AtomicInteger();

  SpanCounts(MeterRegistry registry) {
    exported = counter(registry, "exported");
    failed = counter(registry, "failed");
    dropped = counter(registry, "dropped");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder(Meters.TRACE_SPANS.id()).tag("outcome", outcome).register(registry);
  }

  /** {@code exporter}, counted. */
  SpanExporter counted(SpanExporter exporter) {
    return new Counted(exporter);
  }

  /** {@code processor}, which is given no more than {@code most} spans that have not been sent. */
  SpanProcessor bounded(SpanProcessor processor, int most) {
    return new Bounded(processor, most);
  }

  private final class Counted implements SpanExporter {

    private final SpanExporter exporter;

    Counted(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size();
      CompletableResultCode result;
      try {
        result = exporter.export(spans);
      } catch (RuntimeException e) {
        waiting.addAndGet(-count);
        failed.increment(count);
        throw e;
      }
      result.whenComplete(() -> {
        waiting.addAndGet(-count);
        (result.isSuccess() ? exported : failed).increment(count);
      });
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }

  private final class Bounded implements SpanProcessor {

    private final SpanProcessor processor;
    private final int most;

    Bounded(SpanProcessor processor, int most) {
      this.processor = processor;
      this.most = most;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      processor.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
      return processor.isStartRequired();
    }

    @Override
    public void onEnd(ReadableSpan span) {
      if (!span.getSpanContext().isSampled()) {
        return;
      }
      if (waiting.incrementAndGet() > most) {
        waiting.decrementAndGet();
        dropped.increment();
      } else {
        processor.onEnd(span);
      }
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }

    @Override
    public CompletableResultCode shutdown() {
      return processor.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
      return processor.forceFlush();
    }
  }
}
