package io.iir.management;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Hands requests of Jolokia's protocol to {@link Jolokia}. Thread-safe; blocks. */
final class JolokiaEntry implements Processor {

  private static final String ROOT = "/jolokia";

  private final Jolokia jolokia;

  JolokiaEntry(Jolokia jolokia) {
    this.jolokia = jolokia;
  }

  @Override
  public void process(Exchange exchange) {
    Message message = exchange.getMessage();
    String escaped = message.getHeader(Exchange.HTTP_PATH, "", String.class);
    String path = QueryStringDecoder.decodeComponent(escaped.replace("+", "%2B"));
    String query = message.getHeader(Exchange.HTTP_QUERY, "", String.class);
    Map<String, String[]> parameters = parameters(query);
    if ("POST".equals(message.getHeader(Exchange.HTTP_METHOD, String.class))) {
      byte[] body = message.getBody(byte[].class);
      if (body == null || body.length == 0) {
        throw new ApiException(
            ApiError.invalid(
                400,
                "invalid_request",
                "the body is empty; POST a request of Jolokia's protocol, such as"
                    + " {\"type\":\"version\"}",
                null));
      }
      answer(exchange, jolokia.post(escaped, body, parameters));
      return;
    }
    String asked = path.substring(ROOT.length());
    answer(exchange, jolokia.get(escaped, asked.isEmpty() ? "/" : asked, parameters));
  }

  private static void answer(Exchange exchange, byte[] answer) {
    Console.answer(exchange, "application/json", answer, Map.of());
  }

  private static Map<String, String[]> parameters(String query) {
    Map<String, String[]> parameters = new HashMap<>();
    new QueryStringDecoder(query, false)
        .parameters()
        .forEach((name, values) -> parameters.put(name, values.toArray(String[]::new)));
    return parameters;
  }
}
