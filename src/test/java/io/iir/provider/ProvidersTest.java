package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.config.IirProperties;
import io.iir.config.StartException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ProvidersTest {

  private static List<Provider> providers(
      Map<String, String> settings, Map<String, String> environment) {
    IirProperties bound =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("iir", IirProperties.class);
    return Providers.of(bound, environment::get);
  }

  private static Provider one(Map<String, String> settings, Map<String, String> environment) {
    return providers(settings, environment).getFirst();
  }

  private static String key(Provider provider) {
    return Objects.requireNonNull(provider.apiKey()).value();
  }

  @Test
  void withNothingThereIsTheSimulator() {
    assertThat(providers(Map.of(), Map.of())).extracting(Provider::name).containsExactly("sim");
  }

  @Test
  void aKeyInTheEnvironmentIsEnough() {
    List<Provider> all =
        providers(
            Map.of(),
            Map.of(
                "GROQ_API_KEY", "g", "HF_TOKEN", "h", "GOOGLE_API_KEY", "k", "XAI_API_KEY", " "));
    assertThat(all)
        .extracting(Provider::name)
        .containsExactly("gemini", "groq", "huggingface", "sim");
    assertThat(all.get(1).baseUrl()).isEqualTo(URI.create("https://api.groq.com/openai/v1"));
    assertThat(key(all.get(2))).isEqualTo("h");
    assertThat(all.toString()).doesNotContain("Secret[", "=h,", "=k,");
  }

  @Test
  void theEnvironmentMayBeLeftOut() {
    assertThat(
            providers(Map.of("iir.discovery.environment", "false"), Map.of("OPENAI_API_KEY", "k")))
        .extracting(Provider::name)
        .containsExactly("sim");
  }

  @Test
  void theEnvironmentMovesAVendor() {
    Provider openai =
        one(
            Map.of(),
            Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "http://proxy.internal/v1/"));
    assertThat(openai.baseUrl()).isEqualTo(URI.create("http://proxy.internal/v1"));
    assertThat(openai.isLocal()).isTrue();
  }

  @Test
  void theEnvironmentFillsBlanks() {
    Provider mine =
        one(
            Map.of("iir.providers.my-vllm.models", "any"),
            Map.of("MY_VLLM_BASE_URL", "http://10.1.2.3/v1", "MY_VLLM_API_KEY", "k\n"));
    assertThat(mine.baseUrl()).isEqualTo(URI.create("http://10.1.2.3/v1"));
    assertThat(key(mine)).isEqualTo("k");
    assertThat(mine.models()).isEqualTo(new ModelPolicy.Any());
  }

  @Test
  void settingsWinOverTheEnvironment() {
    Provider openai =
        one(
            Map.of("iir.providers.openai.api-key", "a", "iir.providers.openai.models", "x,y"),
            Map.of("OPENAI_API_KEY", "b"));
    assertThat(key(openai)).isEqualTo("a");
    assertThat(openai.models()).isEqualTo(new ModelPolicy.Listed(List.of("x", "y")));
  }

  @Test
  void aServerWithoutAddressIsRefused() {
    assertThatThrownBy(
            () -> providers(Map.of("iir.providers.my-vllm.protocol", "openai"), Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "iir.providers.my-vllm.base-url is missing: 'my-vllm' is not a vendor known to the"
                + " gateway, and MY_VLLM_BASE_URL is not set.");
  }

  @Test
  void aVariableThatIsNoUrlIsRefused() {
    assertThatThrownBy(() ->
            providers(Map.of(), Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "api.openai.com")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "environment variable OPENAI_BASE_URL = 'api.openai.com' must begin with http");
  }

  @Test
  void toldApartByAddress() {
    assertThat(
            List.of(
                "localhost",
                "0.0.0.0",
                "127.0.0.1",
                "[::1]",
                "192.168.1.2",
                "172.16.0.1",
                "[fd00::1]",
                "ollama",
                "gpu.local",
                "vllm.models.svc"))
        .allMatch(host -> Provider.openai("p", URI.create("http://" + host + ":1")).isLocal());
    assertThat(List.of("api.openai.com", "8.8.8.8", "172.32.0.1", "[2001:db8::1]", "local.com"))
        .allMatch(host -> Provider.openai("p", URI.create("http://" + host)).isHosted());
    assertThat(Provider.sim("sim").isLocal() || Provider.sim("sim").isHosted()).isFalse();
  }
}
