package io.iir.flow.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Hands the requests on one {@code platform-http:} endpoint to its route. */
final class NettyHttpConsumer extends DefaultConsumer implements PlatformHttpConsumer {

  private final RouteTable table;
  private final String methods;
  private final Set<String> accepted;
  private volatile @Nullable RouteDefinition definition;

  NettyHttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, RouteTable table) {
    super(endpoint, processor);
    this.table = table;
    String restricted = endpoint.getHttpMethodRestrict();
    this.methods =
        restricted == null
            ? "DELETE,GET,PATCH,POST,PUT"
            : restricted.replace(" ", "").toUpperCase(Locale.ROOT);
    this.accepted = Arrays.stream(methods.split(",")).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return (PlatformHttpEndpoint) super.getEndpoint();
  }

  /**
   * The definition of the route behind this consumer; null as long as that does not run. Camel
   * tells the route only to its own consumer, which stands before this one.
   */
  @Nullable RouteDefinition definition() {
    RouteDefinition known = definition;
    if (known == null) {
      ModelCamelContext context = (ModelCamelContext) getEndpoint().getCamelContext();
      known =
          context.getRoutes().stream()
              .filter(each ->
                  each.getConsumer() instanceof PlatformHttpConsumerAware outer
                      && outer.getPlatformHttpConsumer() == this)
              .findFirst()
              .map(each -> context.getRouteDefinition(each.getRouteId()))
              .orElse(null);
      definition = known;
    }
    return known;
  }

  /** The methods that the route answers, comma-separated. */
  String methods() {
    return methods;
  }

  boolean accepts(String method) {
    return accepted.contains(method) || (method.equals("HEAD") && accepted.contains("GET"));
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    table.add(this);
  }

  @Override
  protected void doStop() throws Exception {
    table.remove(this);
    super.doStop();
  }
}
