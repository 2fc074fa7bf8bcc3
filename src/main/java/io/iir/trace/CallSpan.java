package io.iir.trace;

import io.iir.provider.CallWatch;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of one call to a provider, from the wish for it to the last byte of its answer. Used by
 * one exchange, one thread at a time.
 */
public final class CallSpan implements CallWatch {

  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  /** A call that another has made needless. */
  private static final String CANCELLED = "cancelled";

  /** Reasons for which no call was made. */
  private static final Set<String> NOT_MADE = Set.of("forbidden", "unable");

  /** Ends that are nobody's failure. */
  private static final Set<String> NO_FAILURE = Set.of(CANCELLED, "client_left");

  private final RequestTrace trace;
  private final Span span;
  private final long startNanos;
  private @Nullable String error;
  private boolean answered;
  private long endNanos;

  CallSpan(RequestTrace trace, Span span, long startNanos) {
    this.trace = trace;
    this.span = span;
    this.startNanos = startNanos;
  }

  @Override
  public void failed(String type) {
    if (error == null) {
      error = type;
    }
  }

  @Override
  public void status(int status) {
    span.setAttribute("http.response.status_code", status);
  }

  @Override
  public void ended() {
    endNanos = trace.lastByte() == 0 ? System.nanoTime() : trace.lastByte();
  }

  /** The client was given the answer of this call, as far as it came. */
  public void answered() {
    answered = true;
  }

  /** The first token came at {@code nanos}; 0: none did, or the answer came whole. */
  public void firstToken(long nanos) {
    if (nanos >= startNanos && nanos != 0) {
      span.addEvent("gen_ai.first_token", trace.epoch(nanos), TimeUnit.NANOSECONDS);
      span.setAttribute("gen_ai.response.time_to_first_chunk", (nanos - startNanos) / 1e9);
    }
  }

  /** What the answer was. */
  public void answer(String model, long inputTokens, long outputTokens, @Nullable String reason) {
    span.setAttribute("gen_ai.response.model", model);
    span.setAttribute("gen_ai.usage.input_tokens", inputTokens);
    span.setAttribute("gen_ai.usage.output_tokens", outputTokens);
    if (reason != null) {
      span.setAttribute(FINISH_REASONS, List.of(reason));
    }
  }

  /**
   * What was asked and answered, where spans are to hold that.
   *
   * @param request the body in OpenAI's form
   */
  public void contents(byte[] request, @Nullable String reason) {
    Contents contents = trace.contents();
    if (contents != null) {
      span.setAttribute("gen_ai.input.messages", contents.input(request));
      span.setAttribute("gen_ai.output.messages", contents.output(reason));
    }
  }

  void finish(long requestEndNanos) {
    String why = error == null && !answered ? CANCELLED : error;
    if (why != null && NOT_MADE.contains(why)) {
      return; // a span that does not end is not sent
    }
    if (why != null) {
      span.setAttribute("error.type", why);
      if (!NO_FAILURE.contains(why)) {
        span.setStatus(StatusCode.ERROR);
      }
    }
    long end = endNanos == 0 ? requestEndNanos : endNanos;
    span.end(trace.epoch(Math.max(end, startNanos)), TimeUnit.NANOSECONDS);
  }
}
