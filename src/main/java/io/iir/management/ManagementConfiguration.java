package io.iir.management;

import io.iir.auth.AdminAccess;
import io.iir.config.IirProperties;
import io.iir.config.ManagementSettings;
import io.iir.flow.StartNote;
import io.iir.flow.engine.EngineSettings;
import io.iir.flow.engine.GatewayServer;
import io.iir.flow.engine.NettyHttpEngine;
import io.iir.management.ManagementAccess.What;
import io.iir.openai.ApiException;
import io.iir.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Puts the management port together, where there is one. */
@Configuration(proxyBeanMethods = false)
@Conditional(ManagementConfiguration.PortWanted.class)
class ManagementConfiguration {

  private static final long MAX_BODY = 1 << 20;
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration BODY = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(75);

  private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "[::]");

  /** True unless the operator wants no such port, or the server is that of Camel's starter. */
  static final class PortWanted implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Environment settings = context.getEnvironment();
      return !"0".equals(settings.getProperty("iir.management.port"))
          && "netty".equals(settings.getProperty("gateway.engine", "netty"));
    }
  }

  @Bean
  ManagementServer managementServer(
      IirProperties properties,
      EventLoops loops,
      AdminAccess admin,
      ObjectProvider<CamelContext> context) {
    ManagementSettings settings = properties.management();
    int port = settings.portOrUsual();
    ManagementAccess access = new ManagementAccess(settings.address(), admin.key());
    LookOnly policy =
        new LookOnly(settings.operations().stream().map(AllowedOperation::parse).toList());
    String actor = JmxAudit.actor(settings);
    NettyHttpEngine engine = new NettyHttpEngine(port);
    GatewayServer server =
        new GatewayServer(
            engine,
            loops,
            engineSettings(settings.address(), port),
            (route, headers) -> mayEnter(access, headers),
            refusal -> {});
    return new ManagementServer(
        settings,
        properties.port(),
        engine,
        server,
        access,
        new Jolokia(policy, new JmxAudit(context, actor)));
  }

  private static EngineSettings engineSettings(String address, int port) {
    Set<String> headers = new HashSet<>(ManagementAccess.HEADERS);
    headers.add(Gzip.ACCEPTS);
    headers.add("if-none-match");
    return new EngineSettings(
        address,
        port,
        null,
        MAX_BODY,
        MAX_BODY * 16,
        HEAD,
        BODY,
        BODY,
        IDLE,
        Duration.ZERO,
        Duration.ZERO, // nobody waits for the console
        headers);
  }

  /** What may not enter is refused by its head; its body is not read. */
  private static boolean mayEnter(ManagementAccess access, HttpHeaders headers) {
    try {
      access.check(What.DATA, headers::get);
      return true;
    } catch (ApiException refusal) {
      return false;
    }
  }

  /** Where the console is, for whoever starts the gateway. */
  @Bean
  StartNote consoleNote(ManagementServer server, IirProperties properties) {
    String host = host(properties.management().address());
    return new StartNote() {
      @Override
      public String title() {
        return "Console";
      }

      @Override
      public @Nullable String text() {
        return server.port() < 0 ? null : "http://%s:%d/hawtio".formatted(host, server.port());
      }
    };
  }

  /** What a URL names for {@code address}: this machine where that is all of its addresses. */
  static String host(String address) {
    if (ALL_ADDRESSES.contains(address)) {
      return "localhost";
    }
    return address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address;
  }

  /** The port answers when the routes run. */
  @Bean
  CamelContextConfiguration managementOpening(ManagementServer server) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext context) {}

      @Override
      public void afterApplicationStart(CamelContext context) {
        server.open();
      }
    };
  }
}
