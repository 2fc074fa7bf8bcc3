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
  private int port;

  @BeforeEach
  void takeAPort() throws IOException {
    loops = new EventLoops(1);
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    port = taken.getLocalPort();
  }

  @AfterEach
  void giveItBack() throws IOException {
    taken.close();
    loops.close();
  }

  @Test
  void doesWithoutThePortThatNobodyAskedFor() {
    ManagementServer server = server(HERE, null);
    server.start();
    assertThat(server.isRunning()).isTrue();
    assertThat(server.port()).isEqualTo(-1);
    server.stop();
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void leavesItsUsualPortToTheClients() throws IOException {
    taken.close();
    ManagementServer server = server(HERE, null, ManagementSettings.USUAL_PORT);
    server.start();
    assertThat(server.port()).isEqualTo(-1);
    server.stop();
    ManagementServer another = server(HERE, null);
    another.start();
    assertThat(another.port()).isEqualTo(port());
    another.stop();
  }

  @Test
  void doesNotStartAtAnAddressThatIsNone() {
    for (String address : List.of("no-such-host.invalid", "203.0.113.1")) {
      assertThatThrownBy(() -> server(address, null).start())
          .as(address)
          .isInstanceOf(StartException.class)
          .hasMessageContaining(address)
          .extracting(failure -> ((StartException) failure).remedy())
          .asString()
          .contains("IIR_MANAGEMENT_ADDRESS");
    }
  }

  @Test
  void doesNotStartWithoutThePortThatTheOperatorNamed() {
    assertThatThrownBy(() -> server(HERE, taken.getLocalPort()).start())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("Port %d of 127.0.0.1 cannot be opened".formatted(port()))
        .extracting(failure -> ((StartException) failure).remedy())
        .asString()
        .contains("IIR_MANAGEMENT_PORT");
  }

  @Test
  void namesTheHostOfItsPages() {
    assertThat(List.of("0.0.0.0", "::", "127.0.0.1", "localhost", "10.1.2.3", "::1", "[::1]"))
        .map(ManagementConfiguration::host)
        .containsExactly(
            "localhost", "localhost", "127.0.0.1", "localhost", "10.1.2.3", "[::1]", "[::1]");
  }

  private int port() {
    return port;
  }

  private ManagementServer server(String address, @Nullable Integer configured) {
    return server(address, configured, 8000);
  }

  private ManagementServer server(String address, @Nullable Integer configured, int clientsPort) {
    Duration second = Duration.ofSeconds(1);
    NettyHttpEngine engine = new NettyHttpEngine(port());
    GatewayServer server =
        new GatewayServer(
            engine,
            loops,
            new EngineSettings(
                address, port(), null, 1, 1, second, second, second, second, second, second,
                Set.of()),
            (route, headers) -> true,
            refusal -> {});
    return new ManagementServer(
        new ManagementSettings(configured, address, List.of()),
        clientsPort,
        engine,
        server,
        new ManagementAccess(HERE, new AdminKey(KeyHash.of("any"))),
        new Jolokia(new LookOnly(List.of()), (bean, operation) -> {}));
  }
}
