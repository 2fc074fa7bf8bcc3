package io.iir.trace;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** The trace that the meters are told of as an example: that of the request being recorded. */
final class Exemplars implements SpanContext {

  @Override
  public @Nullable String getCurrentTraceId() {
    RequestTrace trace = RequestTrace.current();
    return trace == null ? null : trace.traceId();
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    RequestTrace trace = RequestTrace.current();
    return trace == null ? null : trace.spanId();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return RequestTrace.current() != null; // no other is ever current
  }

  @Override
  public void markCurrentSpanAsExemplar() {
    // The span has ended, or is about to: what a meter says of it is found by its ids.
  }
}
