package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class IirPropertiesTest {

  @TempDir Path folder;

  private IirProperties settings(String yaml, Map<String, String> variables) throws Exception {
    Path file = Files.writeString(folder.resolve("iir.yaml"), yaml);
    Map<String, String> all = new HashMap<>(variables);
    all.put("IIR_CONFIG", file.toString());
    return Start.with(all);
  }

  private static ProviderSettings provider(IirProperties settings, String name) {
    return Objects.requireNonNull(settings.providers().get(name));
  }

  @Test
  void hasDefaultsForAll() {
    IirProperties settings = Start.with(Map.of());
    assertThat(settings.port()).isEqualTo(8000);
    assertThat(settings.host()).isEqualTo("0.0.0.0");
    assertThat(settings.dataPath())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".agent_coder"));
    assertThat(settings.routesPath()).isEqualTo(Path.of("routes"));
    assertThat(settings.adminKey()).isNull();
    assertThat(settings.providers()).isEmpty();
    assertThat(settings.aliases()).isEmpty();
    assertThat(settings.limits().defaults()).isEqualTo(new IirProperties.Limit(600, 400_000, 64));
    assertThat(settings.server().maxBodySize()).isEqualTo(DataSize.ofMegabytes(20));
    assertThat(settings.server().tls()).isNull();
    assertThat(settings.cache().enabled()).isTrue();
    assertThat(settings.stream().keepAlive()).isZero();
    assertThat(settings.discovery().localPorts())
        .containsExactly(8000, 8001, 8002, 11434, 8080, 1234);
    assertThat(settings.discovery().refresh()).isZero();
    assertThat(settings.tls().trustPath()).isNull();
  }

  @Test
  void readsTheEnvironment() {
    IirProperties settings =
        Start.with(
            Map.of(
                "IIR_PORT", "9000",
                "IIR_DATA_DIR", "~/iir",
                "IIR_ROUTES_DIR", "/etc/iir/routes",
                "IIR_ADMIN_KEY", "secret-admin-key\n"));
    assertThat(settings.port()).isEqualTo(9000);
    assertThat(settings.dataPath()).isEqualTo(Path.of(System.getProperty("user.home"), "iir"));
    assertThat(settings.routesPath()).isEqualTo(Path.of("/etc/iir/routes"));
    assertThat(settings.adminKey()).isEqualTo(Secret.of("secret-admin-key"));
    assertThat(settings.toString()).doesNotContain("secret-admin-key");
  }

  @Test
  void readsTheOperatorsFileAndFillsItsPlaceholders() throws Exception {
    IirProperties settings =
        settings(
            """
            iir:
              port: 9000
              providers:
                vllm-1:
                  base-url: http://10.0.0.7:8000/v1
                  api-key: ${VLLM_KEY:}
                  models: [a/b, c]
                  timeouts: {total: 30s}
                openai:
                  api-key: ${MY_KEY}
                groq:
                mistral: {}
              aliases:
                gpt-4.1: openai/gpt-4.1
                llama3:8b_q4: local/llama3:8b
                org/Name: vllm-1/a/b
              cache:
            """,
            Map.of("MY_KEY", "sk-1", "IIR_PORT", "9001"));
    assertThat(settings.port()).as("the environment wins").isEqualTo(9001);
    assertThat(settings.providers()).containsOnlyKeys("vllm-1", "openai", "groq", "mistral");
    ProviderSettings vllm = provider(settings, "vllm-1");
    assertThat(vllm.apiKey()).isNull();
    assertThat(vllm.models()).isEqualTo(List.of("a/b", "c"));
    assertThat(vllm.timeouts().total()).isEqualTo(Duration.ofSeconds(30));
    assertThat(vllm.timeouts().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(provider(settings, "openai").apiKey()).isEqualTo(Secret.of("sk-1"));
    assertThat(settings.aliases()).containsOnlyKeys("gpt-4.1", "llama3:8b_q4", "org/Name");
    assertThat(settings.toString()).doesNotContain("sk-1");
  }

  @Test
  void namesOfModelsAndTeamsMayHoldAnyLetter() throws Exception {
    IirProperties settings =
        settings(
            """
            iir:
              limits:
                models:
                  openai/gpt-4.1: {rpm: 10}
                  openrouter/meta-llama/llama_3:free: {tpm: 20}
                  openai/*: {concurrency: 30}
                  "[local/a.b]": {rpm: 40}
              teams:
                R&D v1.2: {limits: {rpm: 50}, budget: {usd: 0.5}}
                search:
                  limits:
                    tpm: 60
            """,
            Map.of());
    assertThat(settings.limits().models())
        .containsOnlyKeys(
            "openai/gpt-4.1", "openrouter/meta-llama/llama_3:free", "openai/*", "local/a.b")
        .containsEntry("openai/*", new IirProperties.OpenLimit(0, 0, 30));
    assertThat(settings.teams()).containsOnlyKeys("R&D v1.2", "search");
    assertThat(Objects.requireNonNull(settings.teams().get("R&D v1.2")).limits().rpm())
        .isEqualTo(50);
  }

  @Test
  void defaultTimeoutsAreThoseOfTheSettings() throws Exception {
    IirProperties settings = settings("iir: {providers: {openai: {}}}", Map.of());
    assertThat(provider(settings, "openai").timeouts())
        .isEqualTo(ProviderSettings.Timeouts.DEFAULT);
  }

  @Test
  void theExampleIsValidAndNamesEachSetting() throws Exception {
    Path example = Path.of("config/iir.example.yaml");
    IirProperties settings = Start.with(Map.of("IIR_CONFIG", example.toString()));
    assertThat(settings.providers()).isNotEmpty();
    String text = Files.readString(example);
    assertThat(SettingNames.all())
        .filteredOn(name -> !name.endsWith(SettingNames.CHOSEN))
        .allSatisfy(name ->
            assertThat(text)
                .as(name)
                .containsPattern("\\b" + name.substring(name.lastIndexOf('.') + 1) + ":"));
  }
}
