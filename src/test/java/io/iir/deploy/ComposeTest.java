package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compose file: that Compose takes it, and the rules that all of its services keep. */
class ComposeTest {

  private static final Path EXAMPLE = Path.of(".env.example");
  private static final Pattern SECRET = Pattern.compile(".*(KEY|PASSWORD|TOKEN|SECRET).*");
  private static final List<String> GATEWAYS = List.of("gateway", "gateway-1", "gateway-2");

  private final ComposeFile file = ComposeFile.read(ComposeFile.SECRETS);

  static Set<String> services() {
    return ComposeFile.read(ComposeFile.SECRETS).services().keySet();
  }

  @Test
  void itFitsTheSchemaOfTheComposeSpecification() throws IOException {
    try (InputStream in = ComposeTest.class.getResourceAsStream("/compose/compose-spec.json")) {
      ObjectNode text = (ObjectNode) new ObjectMapper().readTree(Objects.requireNonNull(in));
      // Its own name is no URI, and that of its dialect has https where the dialect has http.
      text.remove(List.of("$id", "$schema"));
      JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(text);
      assertThat(schema.validate(file.tree())).isEmpty();
      JsonNode wrong = file.tree().deepCopy();
      ((ObjectNode) wrong.at("/services/gateway")).put("restarts", "always");
      assertThat(schema.validate(wrong)).hasSize(1);
    }
  }

  @Test
  void aPlainStartHasAllButModelServersAndReplicas() {
    Map<String, List<String>> profiles = new TreeMap<>();
    services().forEach(name -> profiles.put(name, file.profiles(name).toList()));
    assertThat(profiles)
        .isEqualTo(
            Map.of(
                "gateway", List.of(),
                "postgres", List.of(),
                "redis", List.of(),
                "prometheus", List.of(),
                "grafana", List.of(),
                "vllm", List.of("vllm"),
                "llamacpp", List.of("llamacpp"),
                "gateway-1", List.of("replicas"),
                "gateway-2", List.of("replicas"),
                "nginx", List.of("replicas")));
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceIsPinnedCheckedLimitedAndStartedAgain(String name) {
    JsonNode service = file.service(name);
    assertThat(service.path("image").asText())
        .matches(GATEWAYS.contains(name) ? "iir:local" : "[a-z./-]+:(server-b)?v?\\d[\\w.-]*");
    assertThat(file.healthCheck(name)).isNotEmpty();
    assertThat(service.at("/healthcheck/interval").asText()).matches("\\d+s");
    assertThat(service.at("/healthcheck/retries").asInt()).isPositive();
    assertThat(service.at("/deploy/resources/limits/memory").asText()).matches("\\d+[mg]");
    assertThat(service.path("restart").asText()).isEqualTo("unless-stopped");
    assertThat(service.at("/logging/options/max-size").asText()).isEqualTo("10m");
    assertThat(service.path("networks")).isNotEmpty();
    assertThat(ComposeFile.words(service.path("security_opt")))
        .containsExactly("no-new-privileges:true");
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceIsPublishedOnThisMachineOnlyAndMountsWhatThereIs(String name) {
    JsonNode service = file.service(name);
    assertThat(ComposeFile.words(service.path("ports")))
        .allMatch(port -> port.matches("127\\.0\\.0\\.1:\\d+:\\d+"));
    assertThat(ComposeFile.words(service.path("volumes")))
        .allSatisfy(volume -> {
          String source = volume.substring(0, volume.indexOf(':'));
          if (source.startsWith(".")) {
            assertThat(volume).endsWith(":ro");
            assertThat(Path.of(source)).exists();
          } else {
            assertThat(file.tree().path("volumes").has(source)).as(source).isTrue();
          }
        });
  }

  /** Redis has no password: only gateways are with it, and the network leads nowhere else. */
  @Test
  void stateIsOutOfReach() {
    assertThat(file.tree().at("/networks/state/internal").asBoolean()).isTrue();
    for (String name : List.of("postgres", "redis")) {
      assertThat(ComposeFile.words(file.service(name).path("networks"))).containsExactly("state");
      assertThat(file.service(name).has("ports")).isFalse();
    }
    assertThat(services())
        .filteredOn(
            name -> ComposeFile.words(file.service(name).path("networks")).contains("state"))
        .containsExactlyInAnyOrder("gateway", "gateway-1", "gateway-2", "postgres", "redis");
  }

  /** Docker mounts a tmpfs noexec, and the JVM maps SQLite's library from there as a program. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway", "gateway-1", "gateway-2"})
  void aGatewayHasNoRightsAndSharesItsState(String name) {
    JsonNode service = file.service(name);
    assertThat(service.path("read_only").asBoolean()).isTrue();
    assertThat(ComposeFile.words(service.path("tmpfs"))).containsExactly("/tmp:exec");
    assertThat(ComposeFile.words(service.path("cap_drop"))).containsExactly("ALL");
    assertThat(file.environmentOf(name))
        .containsEntry("DATABASE_URL", "postgres://iir:0123456789abcdef@postgres:5432/iir")
        .containsEntry("REDIS_URL", "redis://redis:6379")
        .containsEntry("IIR_ADMIN_KEY", "sk-test-admin-0123456789")
        .doesNotContainKeys("OPENAI_API_KEY", "IIR_PROVIDERS_VLLM_BASEURL");
    assertThat(service.path("depends_on").properties())
        .allMatch(each -> each.getValue().path("condition").asText().equals("service_healthy"));
  }

  @Test
  void aGatewayHasTimeToEndItsAnswers() {
    String grace = file.service("gateway").path("stop_grace_period").asText();
    assertThat(grace).isEqualTo("100s");
    assertThat(ComposeFile.text(Path.of("config/iir.example.yaml"))).contains("grace: 60s");
  }

  @Test
  void noSecretHasADefault() {
    assertThat(ComposeFile.variables())
        .allSatisfy((name, rest) -> {
          if (SECRET.matcher(name).matches()) {
            assertThat(rest).as(name).startsWith(":?" + name + " has no default.");
          } else {
            assertThat(rest).as(name).startsWith(":-");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"IIR_ADMIN_KEY", "POSTGRES_PASSWORD", "GRAFANA_ADMIN_PASSWORD"})
  void withoutASecretNothingStarts(String name) {
    Map<String, String> others = new HashMap<>(ComposeFile.SECRETS);
    others.remove(name);
    assertThatIllegalStateException()
        .isThrownBy(() -> ComposeFile.read(others))
        .withMessageStartingWith(name + " has no default.");
  }

  @Test
  void theExampleNamesEveryVariableWithItsDefault() {
    Map<String, String> example = new TreeMap<>();
    Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=(.*)$")
        .matcher(ComposeFile.text(EXAMPLE))
        .results()
        .forEach(each -> example.put(each.group(1), each.group(2)));
    Set<String> expected = new TreeSet<>(ComposeFile.variables().keySet());
    expected.addAll(file.passedOn());
    expected.add("COMPOSE_PROFILES");
    assertThat(example.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    ComposeFile.variables()
        .forEach((name, rest) -> {
          String set = rest.startsWith(":-") ? rest.substring(2) : "";
          assertThat(example).as(name).containsEntry(name, set);
        });
  }

  /** Each variable of the example has a line of words above it, or above those beside it. */
  @Test
  void theExampleSaysWhatItsVariablesAre() throws IOException {
    String above = "";
    for (String line : Files.readAllLines(EXAMPLE)) {
      if (line.matches("#?[A-Z][A-Z0-9_]*=.*")) {
        assertThat(above).as("the line above " + line).startsWith("#");
      }
      above = line;
    }
  }

  /** Prometheus finds the gateways by the names of their services. */
  @Test
  void prometheusAndNginxKnowTheGateways() {
    String prometheus = ComposeFile.text(Path.of("monitoring/prometheus/prometheus.yml"));
    assertThat(prometheus)
        .contains("names: [gateway, gateway-1, gateway-2]")
        .contains("port: 8000");
    List<String> servers =
        Pattern.compile("server (gateway[\\w-]*):8000 ")
            .matcher(ComposeFile.text(Path.of("deploy/nginx.conf")))
            .results()
            .map((MatchResult each) -> each.group(1))
            .toList();
    assertThat(servers).containsExactly("gateway-1", "gateway-2");
  }

  /** A variable that is misspelt would be one that nobody reads. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway", "gateway-1", "gateway-2"})
  void itsSettingsAreSettings(String name) {
    List<String> variables =
        file.service(name).path("environment").properties().stream()
            .map(Map.Entry::getKey)
            .filter(variable -> variable.startsWith("IIR_"))
            .toList();
    assertThat(variables)
        .contains("IIR_MANAGEMENT_ADDRESS", "IIR_PROVIDERS_VLLM_BASEURL", "IIR_ADMIN_KEY")
        .allMatch(SettingVariables.read()::has);
    assertThat(SettingVariables.read().has("IIR_MANAGEMENT_ADRESS")).isFalse();
  }
}
