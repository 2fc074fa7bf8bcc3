package io.iir.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.auth.AdminKey;
import io.iir.auth.KeyHash;
import io.iir.config.ManagementSettings;
import io.iir.config.StartException;
import io.iir.flow.engine.EngineSettings;
import io.iir.flow.engine.GatewayServer;
import io.iir.flow.engine.NettyHttpEngine;
import io.iir.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a start where another program has the port. */
class ManagementServerTest {

  private static final String HERE = "127.0.0.1";
  private EventLoops loops;
  private ServerSocket taken;

  @BeforeEach
  void takeAPort() throws IOException {
    loops = new EventLoops(1);
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void giveItBack() throws IOException {
    taken.close();
    loops.close();
  }

  @Test
  void doesWithoutThePortThatNobodyAskedFor() {
    ManagementServer server = server(null);
    server.start();
    assertThat(server.isRunning()).isTrue();
    assertThat(server.port()).isEqualTo(-1);
    server.stop();
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void doesNotStartWithoutThePortThatTheOperatorNamed() {
    assertThatThrownBy(() -> server(taken.getLocalPort()).start())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("Port %d of 127.0.0.1 cannot be opened".formatted(port()))
        .extracting(failure -> ((StartException) failure).remedy())
        .asString()
        .contains("IIR_MANAGEMENT_PORT");
  }

  private int port() {
    return taken.getLocalPort();
  }

  private ManagementServer server(@Nullable Integer configured) {
    Duration second = Duration.ofSeconds(1);
    NettyHttpEngine engine = new NettyHttpEngine(port());
    GatewayServer server =
        new GatewayServer(
            engine,
            loops,
            new EngineSettings(
                HERE, port(), null, 1, 1, second, second, second, second, second, second, Set.of()),
            (route, headers) -> true,
            refusal -> {});
    return new ManagementServer(
        new ManagementSettings(configured, HERE, List.of()),
        engine,
        server,
        new ManagementAccess(HERE, new AdminKey(KeyHash.of("any"))),
        new Jolokia(new LookOnly(List.of()), (bean, operation) -> {}));
  }
}
