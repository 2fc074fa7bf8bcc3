package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.backend.UpstreamClient;
import io.iir.backend.UpstreamGauges;
import io.iir.classify.Category;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.config.TrustBundle;
import io.iir.flow.engine.EngineSettings;
import io.iir.flow.engine.GatewayServer;
import io.iir.flow.engine.NettyHttpEngine;
import io.iir.flow.relay.RelayComponent;
import io.iir.metrics.ClassificationMeters;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.MeterReading;
import io.iir.metrics.Meters;
import io.iir.metrics.TeamMeters;
import io.iir.store.DataDirectory;
import io.iir.throttle.Scope;
import io.iir.transport.Deadlines;
import io.iir.transport.EventLoops;
import io.iir.transport.Proxies;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the flow's parts together. */
@Configuration(proxyBeanMethods = false)
public class GatewayConfiguration {

  @Bean(destroyMethod = "close")
  EventLoops eventLoops(MeterRegistry registry) {
    EventLoops loops = new EventLoops(Runtime.getRuntime().availableProcessors());
    List<Deadlines> all = loops.all();
    for (int i = 0; i < all.size(); i++) {
      Gauge.builder(Meters.EVENT_LOOP_LAG.id(), all.get(i), each -> each.lagNanos() / 1e9)
          .baseUnit("seconds")
          .tag("loop", Integer.toString(i))
          .register(registry);
    }
    return loops;
  }

  @Bean
  UpstreamClient upstreamClient(EventLoops loops, IirProperties properties, Proxies proxies)
      throws IOException {
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(TrustBundle.load(properties.tls().trustPath()))
            .build();
    return new UpstreamClient(loops, tls, proxies);
  }

  @Bean("relay")
  RelayComponent relay(UpstreamClient client, EventLoops loops) {
    return new RelayComponent(client, loops);
  }

  /** Without this bean, {@code platform-http:} runs on the engine of Camel's starter. */
  @Bean("platform-http-engine")
  @ConditionalOnProperty(name = "gateway.engine", havingValue = "netty", matchIfMissing = true)
  NettyHttpEngine engine(IirProperties properties) {
    return new NettyHttpEngine(properties.port());
  }

  @Bean
  @ConditionalOnProperty(name = "gateway.engine", havingValue = "netty", matchIfMissing = true)
  GatewayServer gatewayServer(
      NettyHttpEngine engine,
      EventLoops loops,
      IirProperties properties,
      ApiKeys keys,
      FlowMeters meters,
      MeterRegistry registry) {
    IirProperties.Server server = properties.server();
    GatewayServer gateway =
        new GatewayServer(
            engine,
            loops,
            new EngineSettings(
                properties.host(),
                properties.port(),
                tls(server.tls()),
                server.maxBodySize().toBytes(),
                server.maxHeldBytes(),
                server.headTimeout(),
                server.bodyTimeout(),
                server.sendTimeout(),
                server.idleTimeout(),
                properties.shutdown().delay(),
                properties.shutdown().grace(),
                Set.copyOf(properties.rules().headers())),
            new KeyBeforeBody(keys),
            error -> meters.serverRefusal(error.status()));
    Gauge.builder(Meters.REQUESTS_IN_FLIGHT.id(), gateway, GatewayServer::inFlight)
        .register(registry);
    Gauge.builder(Meters.SERVER_HELD.id(), gateway, GatewayServer::held)
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    return gateway;
  }

  /** The port is open before Camel starts the routes. */
  @Bean
  CamelContextConfiguration opening(ObjectProvider<GatewayServer> server) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext context) {}

      @Override
      public void afterApplicationStart(CamelContext context) {
        server.ifAvailable(GatewayServer::open);
      }
    };
  }

  private static @Nullable SslContext tls(IirProperties.@Nullable ServerTls settings) {
    if (settings == null) {
      return null;
    }
    try {
      return SslContextBuilder.forServer(
              settings.certificatePath().toFile(), settings.privateKeyPath().toFile())
          .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "The certificate %s with the key %s cannot be used: %s."
              .formatted(settings.certificate(), settings.privateKey(), e.getMessage()),
          "Give PEM files that belong together, the key as PKCS#8 without a password.",
          e);
    }
  }

  /** The gateway and teams of the configuration count alone, however many come before them. */
  @Bean
  FlowMeters flowMeters(MeterRegistry registry, IirProperties properties) {
    Set<String> shown = new LinkedHashSet<>(Set.of(Scope.GATEWAY.word()));
    shown.addAll(properties.teams().keySet());
    return new FlowMeters(registry, shown);
  }

  @Bean
  TeamMeters teamMeters(MeterRegistry registry, IirProperties properties) {
    return new TeamMeters(registry, properties.teams().keySet());
  }

  @Bean
  MeterBinder info(ObjectProvider<BuildProperties> build) {
    BuildProperties known = build.getIfAvailable();
    String version = known == null ? "unknown" : known.getVersion();
    return registry ->
        Gauge.builder(Meters.INFO.id(), () -> 1).tag("version", version).register(registry);
  }

  @Bean
  MeterReading upstreamGauges(UpstreamClient client, MeterRegistry registry) {
    return new UpstreamGauges(client, registry);
  }

  @Bean
  Classifier classifier(DataDirectory data, IirProperties properties) {
    return Classifier.load(properties.classify().modelPath(), data.path().resolve("classifier"));
  }

  @Bean
  ClassificationMeters classificationMeters(MeterRegistry registry) {
    return new ClassificationMeters(
        registry,
        Arrays.stream(Category.values()).map(Category::wireName).toList(),
        Classification.STAGES);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
