package io.iir.flow;

import io.iir.trace.RequestHead;
import io.iir.trace.RequestTrace;
import io.iir.trace.Traces;
import org.apache.camel.Exchange;

/** Begins the traces of the requests on one entry. Thread-safe. */
final class EntryTraces {

  private final Traces traces;
  private final String path;

  /** For the entry at {@code path}, with places for what varies. */
  EntryTraces(Traces traces, String path) {
    this.traces = traces;
    this.path = path;
  }

  void begin(Exchange exchange, Timings timings) {
    if (!traces.on()) {
      return;
    }
    String method = exchange.getMessage().getHeader(Exchange.HTTP_METHOD, "", String.class);
    RequestTrace trace =
        traces.begin(
            new RequestHead(method, path),
            exchange.getMessage().getHeaders(),
            timings.startNanos());
    if (trace != null) {
      Variables.TRACE.set(exchange, trace);
    }
  }
}
