package io.iir.flow.engine;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The engine that {@code platform-http:} endpoints find under the name {@code
 * platform-http-engine}: it keeps the table of routes that {@link GatewayServer} serves.
 */
public final class NettyHttpEngine extends ServiceSupport implements PlatformHttpEngine {

  private final RouteTable table = new RouteTable();
  private final int port;

  /** An engine whose server listens on {@code port}. */
  public NettyHttpEngine(int port) {
    this.port = port;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new NettyHttpConsumer(endpoint, processor, table);
  }

  @Override
  public int getServerPort() {
    return port;
  }

  RouteTable table() {
    return table;
  }
}
