package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What the gateway is deployed by: the image, the compose file, and nginx before two gateways. */
class DeployTest {

  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)([^}]*)}");

  @TempDir Path temp;

  @Test
  void theImageRunsWithTheProjectsFlags() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String flags = pom.replaceAll("(?s).*<jvm.flags>(.*?)</jvm.flags>.*", "$1");
    String image = Files.readString(Path.of("Dockerfile"));
    assertThat(flags.split(" ")).isNotEmpty().allSatisfy(flag -> assertThat(image).contains(flag));
    assertThat(image).contains("USER 10001").contains("VOLUME /data").contains("/health/ready");
  }

  @Test
  void oneGatewayStartsAloneAndTwoByTheirProfile() throws IOException {
    Map<String, Map<String, Object>> services = services();
    assertThat(services.keySet())
        .containsExactlyInAnyOrder(
            "gateway", "gateway-1", "gateway-2", "nginx", "postgres", "redis");
    services.forEach((name, service) -> {
      if (name.equals("gateway")) {
        assertThat(service).doesNotContainKey("profiles");
      } else {
        assertThat(service.get("profiles")).as(name).isEqualTo(List.of("replicas"));
      }
    });
    for (String replica : List.of("gateway-1", "gateway-2")) {
      assertThat(Objects.requireNonNull(services.get(replica)).get("environment"))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
          .containsKeys("DATABASE_URL", "REDIS_URL", "IIR_ADMIN_KEY");
    }
  }

  /** Docker mounts a tmpfs noexec, and the JVM maps SQLite's library from there as a program. */
  @Test
  void librariesCanBeUnpackedThoughTheImageIsReadOnly() throws IOException {
    for (String gateway : List.of("gateway", "gateway-1", "gateway-2")) {
      Map<String, Object> service = Objects.requireNonNull(services().get(gateway));
      assertThat(service.get("read_only")).isEqualTo(true);
      assertThat(service.get("tmpfs")).isEqualTo(List.of("/tmp:exec"));
    }
  }

  @Test
  void noSecretHasADefault() throws IOException {
    List<MatchResult> variables =
        VARIABLE.matcher(Files.readString(Path.of("docker-compose.yml"))).results().toList();
    assertThat(variables)
        .extracting(each -> each.group(1))
        .contains("IIR_ADMIN_KEY", "POSTGRES_PASSWORD");
    assertThat(variables).allSatisfy(each -> assertThat(each.group(2)).isEqualTo(":-"));
  }

  @Test
  void nginxKnowsTheGatewaysOfTheComposeFile() throws IOException {
    String conf = Files.readString(Path.of("deploy/nginx.conf"));
    assertThat(services().keySet()).contains("gateway-1", "gateway-2");
    assertThat(conf).contains("server gateway-1:8000 ").contains("server gateway-2:8000 ");
  }

  /** Streams pass unbuffered, and what was sent once is not sent to another gateway. */
  @Test
  void nginxRepeatsNoPostAndBuffersNoAnswer() throws IOException {
    String conf =
        Files.readString(Path.of("deploy/nginx.conf"))
            .replaceAll("(?m)#.*$", "")
            .replace("\n", " ");
    assertThat(conf)
        .contains("proxy_buffering off;")
        .contains("proxy_next_upstream error timeout;")
        .contains("proxy_set_header X-Request-Id $request_name;")
        .doesNotContain("non_idempotent");
  }

  /** By nginx itself, on machines that have one; its braces and semicolons everywhere. */
  @Test
  void nginxTakesTheFile() throws Exception {
    String conf =
        Files.readString(Path.of("deploy/nginx.conf"))
            .replaceAll("gateway-[12]:8000", "127.0.0.1:8000")
            .replace("listen 8080", "listen unix:" + temp + "/socket")
            .replace("/tmp/nginx", temp + "/nginx");
    String code = conf.replaceAll("(?m)#.*$", "").replaceAll("'[^']*'", "''");
    assertThat(code.chars().filter(c -> c == '{').count())
        .isEqualTo(code.chars().filter(c -> c == '}').count());
    assertThat(code.lines().map(String::strip).filter(line -> !line.isEmpty()))
        .allMatch(line -> line.endsWith("{") || line.endsWith("}") || line.endsWith(";"));
    if (Files.isExecutable(NGINX)) {
      Path file = Files.writeString(temp.resolve("nginx.conf"), conf);
      Process check =
          new ProcessBuilder(NGINX.toString(), "-t", "-p", temp.toString(), "-c", file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
  }

  @SuppressWarnings("unchecked") // the form of a compose file
  private static Map<String, Map<String, Object>> services() throws IOException {
    Map<String, Object> file = new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
    return (Map<String, Map<String, Object>>) Objects.requireNonNull(file.get("services"));
  }
}
