package io.iir.flow;

import io.iir.log.RequestLog;
import io.iir.metrics.FlowMeters;
import io.iir.trace.Traces;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gives every step its timer and its counts in JMX, and every entry its edges. */
@Component
public final class FlowRoutePolicies implements RoutePolicyFactory, CamelContextCustomizer {

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

  private static final String ENTRY = "platform-http:";

  private final FlowMeters meters;
  private final RequestMeters requests;
  private final Traces traces;
  private final @Nullable RequestLog log;
  private final Map<String, StepCounts> steps =
      STEPS.stream().collect(Collectors.toUnmodifiableMap(step -> step, step -> new StepCounts()));

  /**
   * Policies that record steps in {@code meters}, and requests in {@code requests}, in {@code
   * traces} and, where it has lines of them, in {@code log}.
   */
  FlowRoutePolicies(
      FlowMeters meters, RequestMeters requests, Traces traces, ObjectProvider<RequestLog> log) {
    this.meters = meters;
    this.requests = requests;
    this.traces = traces;
    this.log = log.getIfAvailable();
  }

  /** Has JMX tell of a step what its policy counts. */
  @Override
  public void configure(CamelContext context) {
    context.getManagementStrategy().setManagementObjectStrategy(StepBean.strategy(steps::get));
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext context, String routeId, NamedNode node) {
    StepCounts counts = steps.get(routeId);
    if (counts != null) {
      return new StepPolicy(routeId, meters.step(routeId), counts);
    }
    if (routeId.equals(JudgeRoute.ID)) { // what was said stays out of traces and logs
      return new EntryPolicy(requests, null, null);
    }
    String url = node instanceof RouteDefinition route ? route.getEndpointUrl() : null;
    return url != null && url.startsWith(ENTRY) ? entry(url.substring(ENTRY.length())) : null;
  }

  /** The policy of the entry at {@code url}, a path and the options of its endpoint. */
  private EntryPolicy entry(String url) {
    int options = url.indexOf('?');
    String path = options < 0 ? url : url.substring(0, options);
    return isTold(path)
        ? new EntryPolicy(requests, new EntryTraces(traces, path), log)
        : new EntryPolicy(requests, null, null);
  }

  /**
   * Whether requests for {@code path} have traces and lines in the log: those of the APIs do. What
   * machines ask for every few seconds, {@code /health} and {@code /metrics}, and pages do not.
   */
  private static boolean isTold(String path) {
    return path.startsWith("/v1/") || path.startsWith("/api/");
  }
}
