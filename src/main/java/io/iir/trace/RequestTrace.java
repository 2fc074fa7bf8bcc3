package io.iir.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one request: a span for the request, one for each of its steps, and one for each
 * call to a provider. What they say, and the steps' own, is made when the request has ended, from
 * the marks that were taken anyway. Used by one exchange, one thread at a time.
 */
public final class RequestTrace {

  private static final ThreadLocal<@Nullable RequestTrace> CURRENT = new ThreadLocal<>();

  /** The step whose span is there before it ends, for calls are its children. */
  private static final String CALLING = "backend-call";

  private final TraceExport export;
  private final Span server;
  private final Context context;
  private final long epochOffset;
  private final List<CallSpan> calls = new ArrayList<>(1);
  private final @Nullable Contents contents;
  private @Nullable Span calling;
  private long lastByteNanos;

  private RequestTrace(TraceExport export, Span server, Context context, long epochOffset) {
    this.export = export;
    this.server = server;
    this.context = context;
    this.epochOffset = epochOffset;
    this.contents = export.contents() && isSampled() ? new Contents() : null;
  }

  static RequestTrace begin(
      TraceExport export, RequestHead head, Map<String, Object> headers, long startNanos) {
    Instant now = Instant.now();
    long epochOffset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - startNanos;
    Context parent = export.propagator().extract(Context.root(), headers, ClientHeaders.INSTANCE);
    Span server =
        export
            .tracer()
            .spanBuilder(head.method() + " " + head.route())
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(startNanos + epochOffset, TimeUnit.NANOSECONDS)
            .setAttribute("http.request.method", head.method())
            .setAttribute("http.route", head.route())
            .startSpan();
    return new RequestTrace(export, server, parent.with(server), epochOffset);
  }

  /** Whose meters are being recorded on this thread; null: nobody's that is sampled. */
  static @Nullable RequestTrace current() {
    return CURRENT.get();
  }

  /** What meters record on this thread until {@link #leave} belongs to {@code trace}, if any. */
  public static void enter(@Nullable RequestTrace trace) {
    if (trace != null && trace.isSampled()) {
      CURRENT.set(trace);
    }
  }

  /** Ends what {@link #enter} began with {@code trace}. */
  public static void leave(@Nullable RequestTrace trace) {
    if (trace != null) {
      CURRENT.remove();
    }
  }

  /** What is said, where the spans are to hold that; else null. */
  public @Nullable Contents contents() {
    return contents;
  }

  /** The trace's id, 32 hexadecimal digits. */
  public String traceId() {
    return server.getSpanContext().getTraceId();
  }

  /** The id of the request's span, 16 hexadecimal digits. */
  public String spanId() {
    return server.getSpanContext().getSpanId();
  }

  /** Whether the trace is sent anywhere. */
  public boolean isSampled() {
    return server.getSpanContext().isSampled();
  }

  /**
   * A call to {@code target} is to be made.
   *
   * @param stepNanos when the step began that makes it
   * @param startNanos when the call begins
   * @param headers is given the headers that tell the provider of it
   */
  public CallSpan call(
      CallTarget target, long stepNanos, long startNanos, BiConsumer<String, String> headers) {
    Span step = calling;
    if (step == null) {
      step = span(CALLING, context, stepNanos).startSpan();
      calling = step;
    }
    Context parent = context.with(step);
    Span span =
        span(target.operation() + " " + target.model(), parent, startNanos)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", target.operation())
            .setAttribute("gen_ai.provider.name", target.provider())
            .setAttribute("gen_ai.request.model", target.model())
            .setAttribute("server.address", target.host())
            .setAttribute("server.port", target.port())
            .setAttribute("iir.attempt", calls.size() + 1)
            .startSpan();
    export
        .propagator()
        .inject(parent.with(span), null, (_, name, value) -> headers.accept(name, value));
    CallSpan call = new CallSpan(this, span, startNanos);
    calls.add(call);
    return call;
  }

  /** The answer's last byte came from the provider at {@code nanos}. */
  public void lastByte(long nanos) {
    lastByteNanos = nanos;
  }

  long lastByte() {
    return lastByteNanos;
  }

  long epoch(long nanos) {
    return nanos + epochOffset;
  }

  /** The step {@code name} took from {@code startNanos} to {@code endNanos}. */
  public void step(String name, long startNanos, long endNanos) {
    Span begun = calling;
    if (begun != null && name.equals(CALLING)) {
      calling = null;
      begun.end(epoch(endNanos), TimeUnit.NANOSECONDS);
    } else {
      span(name, context, startNanos).startSpan().end(epoch(endNanos), TimeUnit.NANOSECONDS);
    }
  }

  private SpanBuilder span(String name, Context parent, long startNanos) {
    return export
        .tracer()
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(epoch(startNanos), TimeUnit.NANOSECONDS);
  }

  /** The request's span says {@code value}; null: it does not. */
  public void put(String name, @Nullable String value) {
    if (value != null) {
      server.setAttribute(name, value);
    }
  }

  /** The request's span says {@code value}. */
  public void put(String name, long value) {
    server.setAttribute(name, value);
  }

  /** The request's span says {@code value}. */
  public void put(String name, boolean value) {
    server.setAttribute(name, value);
  }

  /** Why the model stopped, in its word; null: it has not said. */
  public void finishReason(@Nullable String reason) {
    if (reason != null) {
      server.setAttribute(CallSpan.FINISH_REASONS, List.of(reason));
    }
  }

  /** The gateway failed the request, for a reason that {@code type} names. */
  public void failed(String type) {
    server.setAttribute("error.type", type);
    server.setStatus(StatusCode.ERROR);
  }

  /** The request ended at {@code endNanos}: so do all spans that have not. */
  public void end(long endNanos) {
    for (CallSpan call : calls) {
      call.finish(endNanos);
    }
    Span step = calling;
    if (step != null) {
      calling = null;
      step.end(epoch(endNanos), TimeUnit.NANOSECONDS);
    }
    server.end(epoch(endNanos), TimeUnit.NANOSECONDS);
  }
}
