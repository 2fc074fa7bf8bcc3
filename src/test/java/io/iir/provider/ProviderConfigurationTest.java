package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.config.IirProperties;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class ProviderConfigurationTest {

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(IirProperties.class)
  @Import(ProviderConfiguration.class)
  static class Providing {}

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withUserConfiguration(Providing.class)
          .withBean(KnownModels.class, () -> KnownModels.NONE)
          .withPropertyValues(
              "iir.discovery.environment=false", "iir.discovery.local-interval=50ms");

  @Test
  void findsWhatIsConfiguredAndWhatIsNot() {
    try (FakeServer found = new FakeServer(FakeServer.models("m"));
        FakeServer configured = new FakeServer(FakeServer.models("n"))) {
      application
          .withPropertyValues(
              "iir.discovery.local-ports=" + found.port(),
              "iir.providers.vllm.base-url=" + configured.baseUrl(),
              "iir.aliases.fast=vllm/n")
          .run(context -> {
            ProviderDirectory directory = context.getBean(ProviderDirectory.class);
            await()
                .untilAsserted(() ->
                    assertThat(directory.models())
                        .extracting(Model::id)
                        .containsExactly("vllm/n", "local/m", "sim/echo", "sim/lorem"));
            assertThat(directory.alias("fast")).isEqualTo("vllm/n");
          });
    }
  }

  @Test
  void searchesNoPortsIfToldSo() {
    application
        .withPropertyValues("iir.discovery.local-ports=")
        .run(context ->
            assertThat(context.getBean(ProviderDirectory.class).providers())
                .extracting(Provider::name)
                .containsExactly("sim"));
  }
}
