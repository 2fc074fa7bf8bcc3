package io.iir.admin;

import io.iir.openai.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What the query of a URL asks for, each parameter once and not empty.
 *
 * @param values by the parameters' names
 */
record QueryParameters(Map<String, String> values) {

  /**
   * Reads the query of {@code exchange}.
   *
   * @throws ApiException 400, if it has others than those {@code known}, or one twice
   */
  static QueryParameters of(Exchange exchange, Set<String> known) {
    String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        int is = part.indexOf('=');
        String name = decoded(is < 0 ? part : part.substring(0, is), part);
        String value = is < 0 ? "" : decoded(part.substring(is + 1), name);
        if (!known.contains(name)) {
          throw ApiException.invalidRequest(
              "there is no parameter '%s' here; known are: %s"
                  .formatted(name, String.join(", ", new TreeSet<>(known))),
              name);
        }
        if (value.isEmpty()) {
          throw ApiException.invalidRequest("'%s' must not be empty".formatted(name), name);
        }
        if (values.put(name, value) != null) {
          throw ApiException.invalidRequest("'%s' is given twice".formatted(name), name);
        }
      }
    }
    return new QueryParameters(values);
  }

  private static String decoded(String text, String param) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalidRequest("the query has a broken % escape", param);
    }
  }

  /** The value of {@code name}; null: it is not given. */
  @Nullable String find(String name) {
    return values.get(name);
  }

  /** The value of {@code name}; empty: it is not given. */
  String get(String name) {
    return values.getOrDefault(name, "");
  }
}
