package io.iir.flow.engine;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Message;

/**
 * The client's headers that routes may see; no other enters an exchange, least of all one that
 * Camel would obey ({@code Camel…}).
 */
public final class RequestHeaders {

  private static final Set<String> ALLOWED =
      Set.of(
          "accept",
          "anthropic-beta",
          "anthropic-version",
          "authorization",
          "cache-control",
          "content-type",
          "http-referer",
          "idempotency-key",
          "if-none-match",
          "openai-beta",
          "traceparent",
          "tracestate",
          "user-agent",
          "x-api-key",
          "x-default-category",
          "x-request-id",
          "x-routing-strategy",
          "x-title");

  private RequestHeaders() {}

  /**
   * Whether a client's header {@code name}, in lower case, is one that routes see.
   *
   * @param more those that they see besides the ones that they always do
   */
  public static boolean isAllowed(String name, Collection<String> more) {
    return ALLOWED.contains(name) || more.contains(name);
  }

  /** Copies what is allowed; a header that came twice counts as its values joined by commas. */
  static void copy(HttpHeaders from, Message to, Set<String> more) {
    for (var each = from.iteratorAsString(); each.hasNext(); ) {
      Map.Entry<String, String> header = each.next();
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (isAllowed(name, more)) {
        Object before = to.getHeader(name);
        to.setHeader(name, before == null ? header.getValue() : before + ", " + header.getValue());
      }
    }
  }
}
