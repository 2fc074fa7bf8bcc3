package io.iir.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.flow.FlowConfiguration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;

/** What endpoints of administration have in common. */
abstract class AdminEndpoints extends RouteBuilder {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  /** How each of the endpoints begins: for the administrator alone, on a virtual thread. */
  final ProcessorDefinition<?> endpoint(String id, String uri, String description) {
    return from(uri)
        .routeId(id)
        .description(description)
        .to("direct:authenticate")
        .id(id + ".authenticate")
        .to("direct:require-admin")
        .id(id + ".require-admin")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id(id + ".blocking");
  }

  /** Answers with {@code view}. */
  static void render(Exchange exchange, int status, ObjectNode view) {
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    try {
      exchange.getMessage().setBody(JSON.writeValueAsBytes(view));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
