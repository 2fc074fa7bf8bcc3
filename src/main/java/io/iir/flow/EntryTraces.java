package io.iir.flow;

import io.iir.trace.RequestHead;
import io.iir.trace.RequestTrace;
import io.iir.trace.Traces;
import java.util.Set;
import org.apache.camel.Exchange;

/** Begins the traces of the requests on one entry. Thread-safe. */
final class EntryTraces {

  /** What is told of a method that HTTP does not have. */
  private static final String OTHER_METHOD = "_OTHER";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

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
            new RequestHead(METHODS.contains(method) ? method : OTHER_METHOD, path),
            exchange.getMessage().getHeaders(),
            timings.startNanos());
    if (trace != null) {
      Variables.TRACE.set(exchange, trace);
    }
  }
}
