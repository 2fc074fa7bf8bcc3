package io.iir.flow.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;

/** Hands the requests on one {@code platform-http:} endpoint to its route. */
final class NettyHttpConsumer extends DefaultConsumer implements PlatformHttpConsumer {

  private final RouteTable table;
  private final String methods;
  private final Set<String> accepted;

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
