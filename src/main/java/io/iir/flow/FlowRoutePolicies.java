package io.iir.flow;

import io.iir.metrics.FlowMeters;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives every step its timer and every entry its edges. */
@Component
public final class FlowRoutePolicies implements RoutePolicyFactory {

  /** The steps of the flow, in their order. */
  public static final List<String> STEPS =
      List.of(
          "authenticate",
          "throttle",
          "classify",
          "cache-lookup",
          "provider-choice",
          "backend-call",
          "cache-store");

  private final FlowMeters meters;
  private final RequestMeters requests;

  /** Policies that record steps in {@code meters} and requests in {@code requests}. */
  FlowRoutePolicies(FlowMeters meters, RequestMeters requests) {
    this.meters = meters;
    this.requests = requests;
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext context, String routeId, NamedNode node) {
    if (STEPS.contains(routeId)) {
      return new StepPolicy(routeId, meters.step(routeId));
    }
    boolean entry =
        node instanceof RouteDefinition route
            && route.getEndpointUrl() != null
            && route.getEndpointUrl().startsWith("platform-http:");
    return entry ? new EntryPolicy(requests) : null;
  }
}
