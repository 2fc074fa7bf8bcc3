package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.config.AuthForm;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.config.StartException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void vendorsWithProtocolsOfTheirOwnAreSpokenToByThem() {
    List<Provider> all =
        providers(Map.of(), Map.of("ANTHROPIC_API_KEY", "a", "GEMINI_API_KEY", "g"));
    assertThat(all).extracting(Provider::protocol).startsWith(Protocol.ANTHROPIC, Protocol.GEMINI);
    assertThat(all)
        .extracting(each -> each.access().form())
        .startsWith(AuthForm.X_API_KEY, AuthForm.X_GOOG_API_KEY);
    assertThat(all.getFirst().isHosted()).isTrue();
  }

  @Test
  void anotherProtocolWantsItsOwnAuth() {
    Provider anthropic =
        one(
            Map.of(
                "iir.providers.anthropic.protocol", "openai",
                "iir.providers.anthropic.base-url", "https://proxy.example/v1"),
            Map.of("ANTHROPIC_API_KEY", "a"));
    assertThat(anthropic.protocol()).isEqualTo(Protocol.OPENAI);
    assertThat(anthropic.access().form()).isEqualTo(AuthForm.BEARER);
  }

  @Test
  void anthropicsAddressMayBeAsItsToolsWantIt() {
    assertThat(
            one(
                    Map.of(),
                    Map.of(
                        "ANTHROPIC_API_KEY", "a", "ANTHROPIC_BASE_URL", "https://proxy.example/"))
                .baseUrl())
        .isEqualTo(URI.create("https://proxy.example/v1"));
  }

  @Test
  void azureIsThereByItsAddressAndKey() {
    Map<String, String> key = Map.of("AZURE_OPENAI_API_KEY", "z");
    assertThat(providers(Map.of(), key)).extracting(Provider::name).containsExactly("sim");
    Provider azure =
        one(
            Map.of(),
            Map.of(
                "AZURE_OPENAI_API_KEY", "z",
                "AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/"));
    assertThat(azure.baseUrl()).isEqualTo(URI.create("https://r.openai.azure.com/openai/v1"));
    assertThat(azure.access().form()).isEqualTo(AuthForm.API_KEY);
    assertThat(azure.models()).isEqualTo(new ModelPolicy.Any());
    Provider older =
        one(
            Map.of(
                "iir.providers.eu.vendor", "azure",
                "iir.providers.eu.base-url", "https://r.openai.azure.com",
                "iir.providers.eu.api-version", "2024-10-21"),
            Map.of("EU_API_KEY", "e"));
    assertThat(older.baseUrl()).isEqualTo(URI.create("https://r.openai.azure.com/openai"));
    assertThat(older.access().apiVersion()).isEqualTo("2024-10-21");
    assertThat(key(older)).isEqualTo("e");
    assertThatThrownBy(() -> providers(Map.of("iir.providers.azure.api-key", "k"), Map.of()))
        .hasMessage(
            "iir.providers.azure.base-url is missing: each customer of 'azure' has an address of"
                + " its own, and AZURE_BASE_URL is not set.");
  }

  @Test
  void cloudsHaveRegionsAndProjects() {
    Provider bedrock =
        one(Map.of("iir.providers.bedrock.region", "eu-west-1"), Map.of("AWS_REGION", "x"));
    assertThat(bedrock.baseUrl())
        .isEqualTo(URI.create("https://bedrock-runtime.eu-west-1.amazonaws.com"));
    assertThat(bedrock.access()).isEqualTo(new Access(AuthForm.AWS, "eu-west-1", ""));
    Provider keyed = one(Map.of(), Map.of("AWS_BEARER_TOKEN_BEDROCK", "b"));
    assertThat(keyed.access()).isEqualTo(new Access(AuthForm.BEARER, "us-east-1", ""));
    Map<String, String> project = Map.of("GOOGLE_CLOUD_PROJECT", "p-1");
    assertThat(one(Map.of("iir.providers.vertex.models", "any"), project).baseUrl())
        .isEqualTo(
            URI.create(
                "https://aiplatform.googleapis.com/v1/projects/p-1/locations/global/publishers/google"));
    assertThat(one(Map.of("iir.providers.vertex.region", "europe-west4"), project).baseUrl())
        .isEqualTo(
            URI.create(
                "https://europe-west4-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west4/publishers/google"));
    assertThatThrownBy(() -> providers(Map.of("iir.providers.vertex.models", "any"), Map.of()))
        .hasMessage(
            "iir.providers.vertex.project is missing: set it, or the variable"
                + " GOOGLE_CLOUD_PROJECT.");
  }

  @Test
  void modelServersAreThereWhereConfigured() {
    Provider sglang = one(Map.of("iir.providers.sglang.base-url", ""), Map.of());
    assertThat(sglang.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:30000/v1"));
    assertThat(sglang.isLocal()).isTrue();
    assertThat(providers(Map.of(), Map.of("VLLM_API_KEY", "v")))
        .extracting(Provider::name)
        .containsExactly("sim");
  }

  @Test
  void aVendorThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> providers(Map.of("iir.providers.x.vendor", "bedrok"), Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "iir.providers.x.vendor = 'bedrok' is not a vendor known to the gateway: did you mean"
                + " 'bedrock'?");
  }

  @Test
  void aKeyMayStandInAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "sk-1\n");
    assertThat(key(one(Map.of("iir.providers.openai.api-key", "file:" + file), Map.of())))
        .isEqualTo("sk-1");
    assertThat(key(one(Map.of(), Map.of("OPENAI_API_KEY_FILE", file.toString()))))
        .isEqualTo("sk-1");
    assertThatThrownBy(() -> providers(Map.of(), Map.of("OPENAI_API_KEY_FILE", folder + "/none")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("environment variable OPENAI_API_KEY_FILE names")
        .hasMessageContaining("which is not a file with a key.");
    Files.writeString(file, "sk 1");
    assertThatThrownBy(
            () -> providers(Map.of("iir.providers.openai.api-key", "file:" + file), Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("iir.providers.openai.api-key names")
        .hasMessageContaining("which holds no key")
        .hasMessageNotContaining("sk 1");
  }
}
