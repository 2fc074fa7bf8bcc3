package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.house.Yaml;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import io.iir.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Helm renders the chart, Kubernetes' own schemas take what it renders, and a gateway starts from
 * it. Needs {@code helm} and {@code kubernetes-validate} (of PyPI), in the folder that the system
 * property {@code iir.test.tools} names or on the path; {@code .ci/run} installs both.
 *
 * <p>Longer than 300 lines because every test here reads what the same few calls of Helm rendered.
 */
@Tag("helm")
class HelmIT {

  private static final String OLDEST = "1.27";
  private static final String NEWEST = "1.37";
  private static final List<String> OF_OTHERS =
      List.of("ServiceMonitor", "PrometheusRule", "HTTPRoute");
  private static final Path SEVERAL = Chart.FOLDER.resolve("ci/several-values.yaml");

  @TempDir Path temp;

  /**
   * @param out what it wrote to its standard output
   * @param said that, and its errors
   */
  record Run(int status, String out, String said) {}

  static List<Path> examples() {
    return Chart.examples();
  }

  @Test
  void helmFindsNothingAmiss() throws Exception {
    Run lint = run("helm", "lint", "--strict", "--kube-version", OLDEST, Chart.FOLDER.toString());
    assertThat(lint.status()).as(lint.said()).isZero();
    for (Path example : examples()) {
      Run each =
          run(
              "helm",
              "lint",
              "--strict",
              "--kube-version",
              OLDEST,
              Chart.FOLDER.toString(),
              "-f",
              example.toString());
      assertThat(each.status()).as(each.said()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void kubernetesTakesWhatIsRendered(Path example) throws Exception {
    String rendered = render("-f", example.toString());
    Path file = Files.writeString(temp.resolve("rendered.yaml"), rendered);
    List<JsonNode> known =
        documents(rendered).stream()
            .filter(each -> !OF_OTHERS.contains(each.path("kind").asText()))
            .toList();
    assertThat(known)
        .extracting(each -> each.path("kind").asText())
        .contains("Deployment", "Service", "Pod");
    for (String version : List.of(OLDEST, NEWEST)) {
      Run check = run("kubernetes-validate", "--strict", "-k", version, file.toString());
      assertThat(check.status()).as(check.said()).isZero();
      assertThat(check.out()).doesNotContain("ERROR");
      assertThat(check.out().lines().filter(line -> line.contains(" passed for resource ")))
          .as(check.said())
          .hasSameSizeAs(known);
    }
  }

  /** A check that finds nothing could be one that looks at nothing. */
  @Test
  void kubernetesRefusesWhatIsWrong() throws Exception {
    String wrong = render().replace("failureThreshold: 120", "failuresThreshold: 120");
    Path file = Files.writeString(temp.resolve("wrong.yaml"), wrong);
    Run check = run("kubernetes-validate", "--strict", "-k", NEWEST, file.toString());
    assertThat(check.status()).as(check.said()).isNotZero();
    assertThat(check.out()).contains("failuresThreshold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicas=3                                   | replicas is 3, but gateways that do not share PostgreSQL and Redis
          replicas=3,database.url=postgres://db        | replicas is 3, but gateways that do not share PostgreSQL and Redis
          replicas=2,redis.url=redis://r               | replicas is 2, but gateways that do not share PostgreSQL and Redis
          autoscaling.enabled=true                     | autoscaling is enabled, but gateways that do not share
          replicas=2,redis.url=r,database.url=d        | replicas is 2, but each gateway would make an admin key
          adminKey.value=short                         | adminKey.value is shorter than 16 characters
          redis.url=r,redis.existingSecret=s           | redis has both a value and an existingSecret
          ingress.enabled=true                         | ingress is enabled, but ingress.hosts is empty
          httpRoute.enabled=true                       | httpRoute is enabled, but httpRoute.parentRefs is empty
          replica=3                                    | additional properties 'replica' not allowed
          image.pullPolicy=Sometimes                   | value must be one of 'IfNotPresent', 'Always', 'Never'
          rules.files.notes=x                          | 'notes' does not match pattern
          """)
  void whatCannotWorkIsRefused(String values, String sentence) throws Exception {
    Run run = template("--set", values);
    assertThat(run.status()).as(run.said()).isNotZero();
    assertThat(run.said()).contains(sentence);
  }

  @Test
  void alone() throws Exception {
    Map<String, JsonNode> rendered = byKind(render());
    assertThat(rendered.keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap iir",
            "ConfigMap iir-rules",
            "Deployment iir",
            "PersistentVolumeClaim iir",
            "Pod iir-test",
            "Service iir",
            "ServiceAccount iir");
    JsonNode spec = Objects.requireNonNull(rendered.get("Deployment iir")).path("spec");
    assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
    assertThat(spec.at("/template/spec/terminationGracePeriodSeconds").asInt())
        .isEqualTo(5 + 60 + 40);
    assertThat(spec.at("/template/spec/volumes/0/persistentVolumeClaim/claimName").asText())
        .isEqualTo("iir");
    assertThat(Objects.requireNonNull(rendered.get("Service iir")).at("/spec/ports")).hasSize(1);
  }

  @Test
  void several() throws Exception {
    String text = render("-f", SEVERAL.toString());
    Map<String, JsonNode> rendered = byKind(text);
    assertThat(rendered).containsKeys("PodDisruptionBudget iir", "Secret iir");
    assertThat(rendered).doesNotContainKey("PersistentVolumeClaim iir");
    JsonNode spec = Objects.requireNonNull(rendered.get("Deployment iir")).path("spec");
    assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt(1)).isZero();
    assertThat(spec.at("/template/spec/topologySpreadConstraints")).hasSize(2);
    // Secrets stand in the Secret, and nowhere else.
    String elsewhere = text.replaceAll("(?s)kind: Secret\n.*?(?=\n---)", "");
    assertThat(text).contains("sk-ant-example", "secret@postgres");
    assertThat(elsewhere).doesNotContain("sk-ant-example").doesNotContain("secret@postgres");
  }

  @Test
  void asManyAsTheLoadWants() throws Exception {
    Path example = Chart.FOLDER.resolve("ci/autoscaling-values.yaml");
    Map<String, JsonNode> rendered = byKind(render("-f", example.toString()));
    JsonNode deployment = Objects.requireNonNull(rendered.get("Deployment iir"));
    assertThat(deployment.at("/spec/replicas").isMissingNode()).isTrue();
    JsonNode scaler = Objects.requireNonNull(rendered.get("HorizontalPodAutoscaler iir"));
    assertThat(scaler.at("/spec/metrics/0/pods/metric/name").asText())
        .isEqualTo("iir_requests_in_flight");
    assertThat(scaler.at("/spec/metrics/1/resource/name").asText()).isEqualTo("cpu");
    // Kinds that Kubernetes' schemas do not have.
    JsonNode monitor = Objects.requireNonNull(rendered.get("ServiceMonitor iir"));
    assertThat(monitor.at("/spec/endpoints/0/port").asText())
        .isEqualTo(
            Objects.requireNonNull(rendered.get("Service iir")).at("/spec/ports/0/name").asText());
    assertThat(monitor.at("/spec/selector/matchLabels"))
        .isEqualTo(deployment.at("/spec/selector/matchLabels"));
    assertThat(monitor.at("/spec/jobLabel").asText()).isEqualTo("app.kubernetes.io/name");
    JsonNode alerts = Objects.requireNonNull(rendered.get("PrometheusRule iir"));
    assertThat(alerts.path("spec").findValuesAsText("alert"))
        .containsExactlyElementsOf(
            Yaml.read(Path.of("monitoring/prometheus/rules/alerts.yml")).findValuesAsText("alert"));
    JsonNode policy = Objects.requireNonNull(rendered.get("NetworkPolicy iir"));
    assertThat(policy.at("/spec/ingress/0/from").findValuesAsText("kubernetes.io/metadata.name"))
        .contains("monitoring", "gateways");
    JsonNode route = Objects.requireNonNull(rendered.get("HTTPRoute iir"));
    assertThat(route.at("/spec/rules/0/backendRefs/0/name").asText()).isEqualTo("iir");
    assertThat(route.at("/spec/rules/0/timeouts/request").asText()).isEqualTo("0s");
  }

  /** A changed setting starts new pods; a changed rule does not, for it goes live by itself. */
  @Test
  void whatIsReadAtTheStartRestartsAndNothingElse() throws Exception {
    String before = pods(render("-f", SEVERAL.toString()));
    assertThat(pods(render("-f", SEVERAL.toString(), "--set", "config.port=8000")))
        .isNotEqualTo(before);
    assertThat(pods(render("-f", SEVERAL.toString(), "--set", "redis.url=redis://other")))
        .isNotEqualTo(before);
    String rule = "rules.files.provider-choice\\.camel\\.yaml=other";
    assertThat(pods(render("-f", SEVERAL.toString(), "--set", rule))).isEqualTo(before);
  }

  private static String pods(String rendered) {
    return Objects.requireNonNull(byKind(rendered).get("Deployment iir"))
        .at("/spec/template")
        .toString();
  }

  /** From the rendered ConfigMaps, lying as Kubernetes mounts them. */
  @Test
  void aGatewayStartsFromIt() throws Exception {
    Path values =
        Files.writeString(
            temp.resolve("values.yaml"),
            """
            config: {aliases: {greeter: sim/echo}}
            logging: {level: {io.iir: info}}
            """);
    Map<String, JsonNode> rendered =
        byKind(render("-f", SEVERAL.toString(), "-f", values.toString()));
    Path config = mount("config", rendered.get("ConfigMap iir"));
    Path routes = mount("routes", rendered.get("ConfigMap iir-rules"));
    try (GatewayProcess gateway =
            GatewayProcess.start(
                temp.resolve("data"),
                "IIR_CONFIG=" + config.resolve("iir.yaml"),
                "iir.routes-dir=" + routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(get(client, gateway.url("/health/ready")).statusCode()).isEqualTo(200);
      assertThat(get(client, gateway.url("/v1/models/greeter")).body()).contains("sim/echo");
      JsonNode rules = Yaml.parse(get(client, gateway.url("/api/v1/rules")).body()).path("data");
      assertThat(rules.findValuesAsText("source")).containsExactly("file");
    }
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + Gateway.ADMIN_KEY).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private Path mount(String name, @Nullable JsonNode configMap) throws IOException {
    Path folder = Files.createDirectories(temp.resolve(name));
    Path version = Files.createDirectory(folder.resolve("..2026_01_01"));
    Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
    for (Map.Entry<String, JsonNode> file :
        Objects.requireNonNull(configMap).path("data").properties()) {
      Files.writeString(version.resolve(file.getKey()), file.getValue().asText());
      Files.createSymbolicLink(folder.resolve(file.getKey()), Path.of("..data", file.getKey()));
    }
    return folder;
  }

  /** Helm shows them to whoever installs; they are rendered here as a template like the others. */
  @Test
  void theNotesSayWhatWasInstalled() throws Exception {
    Path copy = copied();
    Files.move(copy.resolve("templates/NOTES.txt"), copy.resolve("notes"));
    Files.writeString(
        copy.resolve("templates/notes.yaml"),
        "notes: |\n  {{- tpl (.Files.Get \"notes\") . | nindent 2 }}\n");
    String alone =
        run("helm", "template", "iir", copy.toString(), "-s", "templates/notes.yaml").out();
    assertThat(alone)
        .contains("one gateway, SQLite in the volume iir, no Redis.")
        .contains("http://iir.default.svc:8000/v1")
        .contains("logs deployment/iir");
    String several =
        run(
                "helm",
                "template",
                "iir",
                copy.toString(),
                "-s",
                "templates/notes.yaml",
                "-f",
                SEVERAL.toString())
            .out();
    assertThat(several)
        .contains("3 gateways, PostgreSQL, Redis.")
        .doesNotContain("logs deployment/iir")
        .doesNotContain("0123456789abcdef");
  }

  private Path copied() throws IOException {
    Path copy = temp.resolve("chart");
    Files.walkFileTree(
        Chart.FOLDER,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Path to = copy.resolve(Chart.FOLDER.relativize(file).toString());
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            Files.copy(file, to);
            return FileVisitResult.CONTINUE;
          }
        });
    Path about = copy.resolve("Chart.yaml");
    Files.writeString(about, Files.readString(about).replaceAll("(?m)^kubeVersion:.*\n", ""));
    return copy;
  }

  private String render(String... arguments) throws Exception {
    Run run = template(arguments);
    assertThat(run.status()).as(run.said()).isZero();
    return run.out();
  }

  private Run template(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("template", "iir", Chart.FOLDER.toString(), "--kube-version", OLDEST));
    command.addAll(Arrays.asList(arguments));
    return run("helm", command.toArray(String[]::new));
  }

  private static Map<String, JsonNode> byKind(String rendered) {
    Map<String, JsonNode> all = new TreeMap<>();
    for (JsonNode each : documents(rendered)) {
      all.put(each.path("kind").asText() + " " + each.at("/metadata/name").asText(), each);
    }
    return all;
  }

  private static List<JsonNode> documents(String rendered) {
    return Stream.of(rendered.split("(?m)^---$"))
        .map(Yaml::parse)
        .filter(JsonNode::isObject)
        .toList();
  }

  private Run run(String program, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Programs.find(program, ".ci/run installs it.").toString()));
    command.addAll(Arrays.asList(arguments));
    Path errors = temp.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("HOME", temp.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return new Run(status, out, out + Files.readString(errors));
  }
}
