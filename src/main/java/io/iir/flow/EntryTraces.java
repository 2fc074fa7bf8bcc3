package io.iir.flow;

import io.iir.trace.RequestHead;
import io.iir.trace.RequestTrace;
import io.iir.trace.Traces;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Begins the traces of the requests on one entry. What is asked for every few seconds by machines,
 * {@code /health} and {@code /metrics}, has none.
 */
final class EntryTraces {

  private static final Pattern METHOD = Pattern.compile("httpMethodRestrict=([A-Z]+)(?:&|$)");

  private final Traces traces;
  private final @Nullable RequestHead head;

  private EntryTraces(Traces traces, @Nullable RequestHead head) {
    this.traces = traces;
    this.head = head;
  }

  /** For the entry at {@code url}, a path and the options of its endpoint. */
  static EntryTraces of(Traces traces, String url) {
    int options = url.indexOf('?');
    String path = options < 0 ? url : url.substring(0, options);
    Matcher method = METHOD.matcher(options < 0 ? "" : url.substring(options));
    boolean traced = traces.on() && (path.startsWith("/v1/") || path.startsWith("/api/"));
    return new EntryTraces(
        traces, traced && method.find() ? new RequestHead(method.group(1), path) : null);
  }

  void begin(Exchange exchange, Timings timings) {
    if (head == null) {
      return;
    }
    RequestTrace trace =
        traces.begin(head, exchange.getMessage().getHeaders(), timings.startNanos());
    if (trace != null) {
      Variables.TRACE.set(exchange, trace);
    }
  }
}
