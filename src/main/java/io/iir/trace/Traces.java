package io.iir.trace;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces of requests, or none: unless {@code OTEL_EXPORTER_OTLP_ENDPOINT} names a collector,
 * nothing of OpenTelemetry is started and a request costs no more than to see that. Thread-safe.
 */
public final class Traces implements AutoCloseable {

  private final @Nullable TraceExport export;

  private Traces(@Nullable TraceExport export) {
    this.export = export;
  }

  static Traces off() {
    return new Traces(null);
  }

  static Traces to(TraceExport export) {
    return new Traces(export);
  }

  /** Whether requests are traced. */
  public boolean on() {
    return export != null;
  }

  /**
   * The trace of a request that came at {@code startNanos}, in {@link System#nanoTime} terms; null
   * where there are no traces.
   *
   * @param head what was asked for
   * @param headers the client's, lower-case: its own trace is gone on with
   */
  public @Nullable RequestTrace begin(
      RequestHead head, Map<String, Object> headers, long startNanos) {
    return export == null ? null : RequestTrace.begin(export, head, headers, startNanos);
  }

  /** Sends what has not been sent, for a few seconds at most. */
  @Override
  public void close() {
    if (export != null) {
      export.close();
    }
  }
}
