package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.flow.engine.BodyPolicy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * No body is read for a route with the step {@code authenticate} if the request brings nothing that
 * could be a key: that step refuses it whatever the body holds. A key that memory does not know may
 * still be in the database, so its request is read. Thread-safe.
 */
final class KeyBeforeBody implements BodyPolicy {

  private static final String AUTHENTICATE = "direct:authenticate";

  private final ApiKeys keys;

  KeyBeforeBody(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public boolean wantsBody(RouteDefinition route, HttpHeaders headers) {
    return mayBringKey(headers) || !authenticates(route);
  }

  /** Several headers are none: the step sees them joined, which is no key. */
  private boolean mayBringKey(HttpHeaders headers) {
    List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (given.isEmpty()) {
      List<String> others = headers.getAll(AuthenticateRoute.API_KEY);
      return others.size() == 1 && keys.mayIdentify("Bearer " + others.getFirst());
    }
    return given.size() == 1 && keys.mayIdentify(given.getFirst());
  }

  private static boolean authenticates(RouteDefinition route) {
    return route.getOutputs().stream()
        .anyMatch(step -> step instanceof ToDefinition to && AUTHENTICATE.equals(to.getUri()));
  }
}
