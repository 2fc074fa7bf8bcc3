package io.iir.provider;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.config.TrustBundle;
import io.iir.metrics.MeterReading;
import io.iir.transport.Proxies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Builds the directory from settings and environment, and keeps it up to date. */
@Configuration(proxyBeanMethods = false)
class ProviderConfiguration {

  @Bean
  ProviderMeters providerMeters(ObjectProvider<MeterRegistry> registry) {
    return new ProviderMeters(registry.getIfAvailable(SimpleMeterRegistry::new));
  }

  @Bean
  Breakers breakers(IirProperties settings, ProviderMeters meters) {
    return new Breakers(settings.breaker(), System::nanoTime, meters);
  }

  /** Where Camel and its operators find the breakers. */
  @Bean
  CircuitBreakerRegistry circuitBreakerRegistry(Breakers breakers) {
    return breakers.registry();
  }

  @Bean
  ProviderHealth providerHealth(ProviderDirectory directory) {
    return new ProviderHealth(directory);
  }

  @Bean
  MeterReading providerGauges(ProviderHealth health, ObjectProvider<MeterRegistry> registry) {
    return new ProviderGauges(health, registry.getIfAvailable(SimpleMeterRegistry::new));
  }

  @Bean(destroyMethod = "close")
  ProviderBeans providerBeans(
      ProviderDirectory directory, ProviderHealth health, ProviderMeters meters) {
    List<String> names = directory.offers().stream().map(offer -> offer.provider().name()).toList();
    names.forEach(name -> meters.watch(name, directory.traffic().provider(name)));
    return new ProviderBeans(names, health);
  }

  @Bean(destroyMethod = "close")
  Probes probes(ProviderDirectory directory, ModelListClient client) {
    return new Probes(directory.providers(), directory.traffic(), client);
  }

  @Bean
  ProviderDirectory providerDirectory(
      IirProperties settings, Environment environment, KnownModels catalogue, Breakers breakers) {
    List<Provider> providers = Providers.of(settings, environment::getProperty);
    return new ProviderDirectory(
        providers,
        LocalPorts.of(settings, environment::getProperty),
        settings.aliases(),
        settings.models(),
        new ModelTraffic(System::nanoTime, breakers),
        catalogue);
  }

  @Bean
  Proxies proxies(Environment environment) {
    try {
      return Proxies.of(environment::getProperty);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  @Bean(destroyMethod = "")
  ModelListClient modelListClient(IirProperties settings, Proxies proxies) {
    return new ModelListClient(() -> tls(settings), proxies.selector());
  }

  private static SSLContext tls(IirProperties settings) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, TrustBundle.load(settings.tls().trustPath()).getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot do TLS", e);
    }
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Discovery discovery(
      ProviderDirectory directory,
      ModelListClient client,
      ObjectProvider<KeptLists> kept,
      IirProperties settings,
      Environment environment) {
    return new Discovery(
        directory,
        client,
        new LocalServers(
            client, LocalPorts.of(settings, environment::getProperty), settings.port()),
        kept.getIfAvailable(() -> KeptLists.NONE),
        settings.discovery().localInterval(),
        settings.discovery().refresh());
  }
}
