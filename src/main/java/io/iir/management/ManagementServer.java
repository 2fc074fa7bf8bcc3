package io.iir.management;

import io.iir.config.ManagementSettings;
import io.iir.config.StartException;
import io.iir.flow.engine.GatewayServer;
import io.iir.flow.engine.NettyHttpEngine;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The management port: the gateway's own kind of server with another address, whose routes are in
 * {@link ManagementRoute}. It is no bean of the engine's types, so that the clients' server stays
 * the only one of its kind. Thread-safe.
 */
public final class ManagementServer implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  private final ManagementSettings settings;
  private final int clientsPort;
  private final NettyHttpEngine engine;
  private final GatewayServer server;
  private final ManagementAccess access;
  private final Jolokia jolokia;
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * A server as {@code settings} say, beside that on {@code clientsPort}, for the routes of {@code
   * engine}.
   */
  ManagementServer(
      ManagementSettings settings,
      int clientsPort,
      NettyHttpEngine engine,
      GatewayServer server,
      ManagementAccess access,
      Jolokia jolokia) {
    this.settings = settings;
    this.clientsPort = clientsPort;
    this.engine = engine;
    this.server = server;
    this.access = access;
    this.jolokia = jolokia;
  }

  NettyHttpEngine engine() {
    return engine;
  }

  ManagementAccess access() {
    return access;
  }

  Jolokia jolokia() {
    return jolokia;
  }

  /** The port that is listened on; -1 while there is none, or where the usual one was taken. */
  public int port() {
    return server.port();
  }

  /** Its routes run: requests are taken. */
  void open() {
    server.open();
  }

  @Override
  public void start() {
    running.set(true);
    if (settings.port() == null && clientsPort == ManagementSettings.USUAL_PORT) {
      without("Its usual port %d is that of the clients.".formatted(clientsPort));
      return;
    }
    try {
      server.start();
    } catch (StartException e) {
      String problem = String.valueOf(e.getMessage());
      if (!settings.isUsual()) {
        throw new StartException(
            problem,
            "Name an address of this machine in IIR_MANAGEMENT_ADDRESS, and a port that nobody"
                + " listens on in IIR_MANAGEMENT_PORT; 0 is none.",
            e);
      }
      without(problem);
    }
  }

  private static void without(String why) {
    LOG.warn("There is no console: {} IIR_MANAGEMENT_PORT names another port; 0 is none.", why);
  }

  @Override
  public void stop() {
    running.set(false);
    server.stop();
    jolokia.close();
  }

  @Override
  public boolean isRunning() {
    return running.get();
  }

  /** Stops after the clients' server, so that one can look at a gateway that is stopping. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
