package io.iir.flow;

import io.iir.trace.RequestTrace;
import org.apache.camel.Exchange;
import org.slf4j.MDC;

/**
 * Lets what is logged on this thread carry the id of the request that it is about, and that of its
 * trace. For what goes wrong alone; the good path has no cost of it.
 */
final class AboutRequest {

  private static final String REQUEST = "http.request.id";
  private static final String TRACE = "trace.id";
  private static final String SPAN = "span.id";

  private AboutRequest() {}

  /** Logs what {@code action} logs as being about {@code exchange}. */
  static void run(Exchange exchange, Runnable action) {
    String id = Variables.REQUEST_ID.find(exchange);
    if (id != null) {
      MDC.put(REQUEST, id);
    }
    RequestTrace trace = Variables.TRACE.find(exchange);
    if (trace != null) {
      MDC.put(TRACE, trace.traceId());
      MDC.put(SPAN, trace.spanId());
    }
    try {
      action.run();
    } finally {
      MDC.remove(REQUEST);
      MDC.remove(TRACE);
      MDC.remove(SPAN);
    }
  }
}
