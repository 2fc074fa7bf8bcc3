package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.Certificate;
import io.iir.testing.FreePort;
import io.iir.testing.PostgresServer;
import io.iir.testing.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The processes that the compose file describes, started by hand where there is no Docker: the
 * image's entrypoint with the environment that the compose file gives it, a real Redis and a real
 * PostgreSQL in the places of those services, Prometheus with the configuration that is mounted.
 * Only hosts, ports and folders are others. Each is asked how it is by its own health check.
 */
@Tag("deploy")
class ComposeByHandIT {

  private final ComposeFile file = ComposeFile.read(ComposeFile.SECRETS);

  @TempDir Path temp;

  @Test
  void theGatewayAnswersWithRedisAndPostgres() throws Exception {
    GatewayImage image = GatewayImage.extract(temp.resolve("iir"));
    try (RedisServer redis = RedisServer.start();
        PostgresServer postgres = PostgresServer.start()) {
      int database = makeDatabase(postgres);
      check("redis", Map.of(), "-p", Integer.toString(redis.port()));
      check("postgres", Map.of("PGPORT", Integer.toString(database)));

      Map<String, String> environment = new TreeMap<>(Dockerfile.read().environment());
      environment.keySet().removeAll(List.of("JAVA_HOME", "PATH"));
      environment.putAll(file.environmentOf("gateway"));
      environment.replaceAll((name, value) ->
          value
              .replace("@postgres:5432/", "@127.0.0.1:" + database + "/")
              .replace("//redis:6379", "//127.0.0.1:" + redis.port())
              .replace("/data", temp.resolve("data").toString()));
      assertThat(environment).containsEntry("IIR_PORT", "8000");
      environment.put("IIR_PORT", Integer.toString(FreePort.find()));
      environment.put("IIR_MANAGEMENT_PORT", Integer.toString(FreePort.find()));

      // There is no AOT cache: the JVM says so, and goes on without.
      try (GatewayImage.Running gateway = image.start(image.entrypoint(), environment)) {
        await().atMost(GatewayImage.PATIENCE).until(() -> health(environment) == 0);
        HttpResponse<String> answer = Asked.chat(gateway.port());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(redis.ask("DBSIZE")).isNotEqualTo("0");

        String console = "http://127.0.0.1:" + environment.get("IIR_MANAGEMENT_PORT");
        HttpResponse<String> read =
            Asked.get(console + "/jolokia/read/java.lang:type=Runtime/SpecVersion");
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        assertThat(read.body()).contains("\"value\":\"25\"");
      }
      assertThat(health(environment)).isNotZero();
    }
  }

  /** With SQLite, and a provider that is called by TLS: itself. */
  @Test
  void theJreOfTheImageSpeaksTls() throws Exception {
    GatewayImage image = GatewayImage.extract(temp.resolve("iir"));
    Certificate certificate = Certificate.create(temp, "localhost");
    int port = FreePort.find();
    Map<String, String> environment =
        Map.of(
            "IIR_PORT",
            Integer.toString(port),
            "IIR_MANAGEMENT_PORT",
            "0",
            "IIR_DATA_DIR",
            temp.resolve("data").toString(),
            "IIR_ADMIN_KEY",
            Asked.KEY,
            "IIR_SERVER_TLS_CERTIFICATE",
            certificate.certificate().toString(),
            "IIR_SERVER_TLS_PRIVATEKEY",
            certificate.privateKey().toString(),
            "IIR_TLS_TRUST",
            certificate.certificate().toString(),
            "IIR_PROVIDERS_SELF_BASEURL",
            "https://localhost:" + port + "/v1",
            "IIR_PROVIDERS_SELF_APIKEY",
            Asked.KEY,
            "IIR_PROVIDERS_SELF_MODELS",
            "any");
    try (GatewayImage.Running gateway = image.start(image.entrypoint(), environment)) {
      await().atMost(GatewayImage.PATIENCE).until(() -> health(environment) == 0);
      HttpResponse<String> answer = Asked.chatByTls(gateway.port(), certificate, "self/sim/echo");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Route-Provider")).hasValue("self");
    }
  }

  @Test
  void prometheusTakesWhatIsMounted() throws Exception {
    int port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.add("prometheus");
    for (String word : ComposeFile.words(file.service("prometheus").path("command"))) {
      command.add(
          word.replace("/etc/prometheus/", "monitoring/prometheus/")
              .replace("=/prometheus", "=" + temp.resolve("prometheus")));
    }
    command.add("--web.listen-address=127.0.0.1:" + port);
    File log = temp.resolve("prometheus.log").toFile();
    Process prometheus =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    try {
      await()
          .atMost(GatewayImage.PATIENCE)
          .failFast(
              () -> assertThat(prometheus.isAlive()).as(Files.readString(log.toPath())).isTrue())
          .until(() -> run(replaced("prometheus", ":9090", ":" + port), Map.of()) == 0);
    } finally {
      prometheus.destroy();
      prometheus.onExit().join();
    }
  }

  /** Makes the database that the compose file's PostgreSQL has; returns the server's port. */
  private int makeDatabase(PostgresServer postgres) throws SQLException {
    Map<String, String> settings = file.environmentOf("postgres");
    URI url = URI.create(postgres.url("postgres"));
    String jdbc = "jdbc:postgresql://127.0.0.1:" + url.getPort() + "/postgres";
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "secret");
        Statement statement = connection.createStatement()) {
      String user = Objects.requireNonNull(settings.get("POSTGRES_USER"));
      statement.execute(
          "create role %s login password '%s'".formatted(user, settings.get("POSTGRES_PASSWORD")));
      statement.execute("create database %s owner %s".formatted(settings.get("POSTGRES_DB"), user));
    }
    return url.getPort();
  }

  private void check(String service, Map<String, String> environment, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(file.healthCheck(service));
    command.addAll(1, List.of(more));
    GatewayImage.run(temp.resolve(service + ".log"), environment, command);
  }

  /** The exit status of the gateway's health check; the image has it under another name. */
  private int health(Map<String, String> environment) throws IOException {
    assertThat(file.healthCheck("gateway")).containsExactly("iir-health");
    assertThat(Dockerfile.read().all("COPY"))
        .contains("--chmod=755 deploy/health.sh /usr/local/bin/iir-health");
    return run(
        List.of("deploy/health.sh"),
        Map.of("IIR_PORT", Objects.requireNonNull(environment.get("IIR_PORT"))));
  }

  private List<String> replaced(String service, String port, String other) {
    return file.healthCheck(service).stream().map(word -> word.replace(port, other)).toList();
  }

  private static int run(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start().onExit().join().exitValue();
  }
}
