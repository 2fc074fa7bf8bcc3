package io.iir.flow.engine;

import io.netty.handler.codec.http.HttpHeaders;
import org.apache.camel.model.RouteDefinition;

/**
 * Which requests' bodies are worth reading. A request whose body is not goes to its route at once
 * and without it, and the client is not asked for it (RFC 9110, section 10.1.1): the route refuses
 * it by its head. Asked on the event loop for each request that brings a body; thread-safe, never
 * blocks.
 */
@FunctionalInterface
public interface BodyPolicy {

  /** Whether {@code route} can use the body of a request with {@code headers}. */
  boolean wantsBody(RouteDefinition route, HttpHeaders headers);
}
