package io.iir.flow.engine;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Message;

/**
 * The client's headers that routes may see; no other enters an exchange, least of all one that
 * Camel would obey ({@code Camel…}).
 */
final class RequestHeaders {

  private static final Set<String> ALLOWED =
      Set.of(
          "accept",
          "authorization",
          "cache-control",
          "content-type",
          "http-referer",
          "openai-beta",
          "traceparent",
          "tracestate",
          "user-agent",
          "x-request-id",
          "x-routing-strategy",
          "x-title");

  private static final String CAMEL = "camel";

  private RequestHeaders() {}

  /**
   * Copies what is allowed, and what {@code rules} may read; a header that came twice counts as its
   * values joined by commas.
   */
  static void copy(HttpHeaders from, Message to, Set<String> rules) {
    for (var each = from.iteratorAsString(); each.hasNext(); ) {
      Map.Entry<String, String> header = each.next();
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (ALLOWED.contains(name) || (rules.contains(name) && !name.startsWith(CAMEL))) {
        Object before = to.getHeader(name);
        to.setHeader(name, before == null ? header.getValue() : before + ", " + header.getValue());
      }
    }
  }
}
