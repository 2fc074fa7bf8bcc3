package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import org.apache.camel.Exchange;

/** What became of a request: one word of a closed set, and the status that goes with it. */
final class RequestOutcome {

  /** The client got its whole answer. */
  static final String SUCCESS = "success";

  /** The client left before its answer had ended. */
  static final String CLIENT_LEFT = "client_left";

  /** Nobody was told this status: the client had left. */
  private static final int CLIENT_CLOSED = 499;

  private RequestOutcome() {}

  static String word(Exchange exchange) {
    ApiException refusal = Variables.ERROR.find(exchange);
    Tally tally = Variables.TALLY.find(exchange);
    if (left(exchange)) {
      return CLIENT_LEFT;
    }
    if (refusal != null) {
      int status = refusal.error().status();
      return status == 429
          ? "rate_limited"
          : status < 500 || CacheLookup.isNotCached(refusal) ? "client_error" : "error";
    }
    if (tally != null && tally.failure() != null) {
      return "broken_stream";
    }
    return SUCCESS;
  }

  /** Whether the client left before its answer had ended. */
  static boolean left(Exchange exchange) {
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    return link != null && link.absent();
  }

  /** The class of the status that the client was told; {@code none} if it had left. */
  static String statusClass(Exchange exchange) {
    int status = status(exchange);
    return status == CLIENT_CLOSED && left(exchange)
        ? "none"
        : status < 300 ? "2xx" : status < 400 ? "3xx" : status < 500 ? "4xx" : "5xx";
  }

  /** The status that the client was told or is to be told; 499 if it had left. */
  static int status(Exchange exchange) {
    if (left(exchange)) {
      return CLIENT_CLOSED;
    }
    ApiException refusal = Variables.ERROR.find(exchange);
    if (refusal != null) {
      return refusal.error().status();
    }
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    return status == null ? 200 : status;
  }
}
