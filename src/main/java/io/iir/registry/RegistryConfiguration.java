package io.iir.registry;

import io.iir.catalog.Catalogue;
import io.iir.config.IirProperties;
import io.iir.hardware.HardwareProbe;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.Meters;
import io.iir.provider.Discovery;
import io.iir.provider.Model;
import io.iir.provider.ProviderDirectory;
import io.iir.recommend.Recommendations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the registry's parts together. */
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

  @Bean
  Registry registry(
      ProviderDirectory directory, RegistryStore store, JdbcClient database, MeterRegistry meters) {
    for (Model.State state : Model.State.values()) {
      if (state != Model.State.UNLISTED) {
        Gauge.builder(Meters.REGISTRY_MODELS.id(), directory, all -> count(all, state))
            .tag("state", state.word())
            .register(meters);
      }
    }
    return new Registry(directory, store, database);
  }

  private static long count(ProviderDirectory directory, Model.State state) {
    return directory.models().stream().filter(model -> model.state() == state).count();
  }

  @Bean
  Recommender recommender(Catalogue catalogue) {
    return (hardware, context) -> Recommendations.of(hardware, catalogue.models(), context);
  }

  @Bean(destroyMethod = "close")
  Refresher refresher(
      ProviderDirectory directory,
      Discovery discovery,
      Registry registry,
      RegistryStore store,
      HardwareProbe probe,
      Recommender recommender,
      Advisor advisor,
      IirProperties settings,
      FlowMeters meters) {
    return new Refresher(
        directory,
        new ProviderRound(directory, discovery, registry),
        new MachineSurvey(probe, recommender, advisor, settings.registry().context(), store),
        store,
        meters);
  }

  @Bean
  RegistryStatus registryStatus(
      ProviderDirectory directory, RegistryStore store, IirProperties settings) {
    String scheme = settings.server().tls() == null ? "http" : "https";
    return new RegistryStatus(
        directory, store, "%s://localhost:%d".formatted(scheme, settings.port()));
  }
}
