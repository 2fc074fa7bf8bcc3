package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import io.iir.testing.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A gateway that cannot start says why, in a sentence, and ends. */
@ExtendWith(OutputCaptureExtension.class)
class BadStartIT {

  @TempDir Path folder;

  /** Somebody else listens on it. */
  private ServerSocket taken;

  /**
   * A start that must fail.
   *
   * @param yaml the operator's file; empty: there is none
   * @param variables name and value by turns, in which {@code <dir>} and {@code <port>} are filled
   *     in
   * @param sentence what is said, and what is to be done, if that is another sentence
   */
  record Case(String yaml, List<String> variables, String sentence) {
    @Override
    public String toString() {
      return yaml + variables;
    }
  }

  private static Case file(String yaml, String sentence) {
    return new Case(yaml, List.of(), sentence);
  }

  private static Case variable(String name, String value, String sentence) {
    return new Case("", List.of(name, value), sentence);
  }

  static Stream<Case> cases() {
    return Stream.of(
        file(
            "iir: {prot: 8000}",
            "iir.prot = '8000' is not a setting: did you mean iir.port? (<dir>/iir.yaml, line 1)."),
        file(
            "iir:\n  port: [1\n  host: x\n",
            "<dir>/iir.yaml, line 3, column 7: not valid YAML: expected ',' or ']', but got :."),
        file(
            "iir: {providers: {a: {protocol: smtp}}}",
            "iir.providers.a.protocol = 'smtp' must be openai or anthropic or gemini or bedrock or"
                + " sim (<dir>/iir.yaml, line 1)."),
        file(
            "iir: {providers: {a: {base-url: \"${NOT_SET}\"}}}",
            "iir.providers.a.base-url = '${NOT_SET}' must not hold a placeholder that nothing"
                + " fills: is the variable set? (<dir>/iir.yaml, line 1)."),
        file(
            "iir: {classify: {judge: {model: gpt-4o}}}",
            "iir.classify.judge.model = 'gpt-4o' must be <provider>/<model> (<dir>/iir.yaml,"
                + " line 1)."),
        file(
            "iir: {classify: {judge: {pairs: [{weak: a/m, strong: a/m}]}}}",
            "iir.classify.judge.pairs[0] is 'a/m' twice: name two models."),
        file(
            "iir: {teams: {other: {limits: {rpm: 1}}}}",
            "iir.teams.other must not be 'none' or 'other', which mean others in metrics"
                + " (<dir>/iir.yaml, line 1)."),
        variable(
            "IIR_CONFIG",
            "<dir>/no.yaml",
            "IIR_CONFIG names '<dir>/no.yaml', which is not a file that can be read."),
        variable(
            "IIR_CONFIG",
            "<dir>",
            "IIR_CONFIG names '<dir>', which is not a file that can be read."),
        variable(
            "IIR_PORT",
            "70000",
            "iir.port = '70000' must be less than or equal to 65535 (environment variable"
                + " IIR_PORT)."),
        variable(
            "IIR_SHUTDOWN_GRACE",
            "soon",
            "iir.shutdown.grace = 'soon' must be a duration such as 500ms, 10s or 5m (environment"
                + " variable IIR_SHUTDOWN_GRACE)."),
        variable(
            "IIR_SERVER_MAXBODYSIZE",
            "big",
            "iir.server.max-body-size = 'big' must be a size such as 512KB or 20MB (environment"
                + " variable IIR_SERVER_MAXBODYSIZE)."),
        variable(
            "IIR_PORT",
            "<port>",
            "Port <port> of 127.0.0.1 cannot be opened: Address already in use."
                + " Stop what listens there, or name another port in IIR_PORT."),
        variable(
            "IIR_HOST",
            "no.such.host.invalid",
            "The host 'no.such.host.invalid' has no address here."
                + " Name an address of this machine in IIR_HOST: 0.0.0.0 is all of them, 127.0.0.1"
                + " this machine alone."),
        variable(
            "IIR_MANAGEMENT_PORT",
            "<port>",
            "Port <port> of 127.0.0.1 cannot be opened: Address already in use. Name an address of"
                + " this machine in IIR_MANAGEMENT_ADDRESS, and a port that nobody listens on in"
                + " IIR_MANAGEMENT_PORT; 0 is none."),
        file(
            "iir: {server: {tls: {certificate: <dir>/no.pem, private-key: <dir>/no.key}}}",
            "The certificate <dir>/no.pem with the key <dir>/no.key cannot be used: File does not"
                + " contain valid certificates: <dir>/no.pem."
                + " Give PEM files that belong together, the key as PKCS#8 without a password."),
        file(
            "iir: {tls: {trust: <dir>/no.pem}}",
            "iir.tls.trust: '<dir>/no.pem' is not a PEM file of certificates: <dir>/no.pem."),
        variable(
            "IIR_DATA_DIR",
            "<dir>/file/data",
            "The data directory <dir>/file/data cannot be created or written: FileSystem"
                + " (<dir>/file/data: Not a directory)."
                + " Make it writable for the user that runs the gateway, or name another in"
                + " IIR_DATA_DIR."),
        variable(
            "DATABASE_URL",
            "mysql://u:hidden@h/d",
            "The database's URL (DATABASE_URL, iir.database-url) cannot be used: it does not begin"
                + " with postgres://, postgresql:// or jdbc:postgresql://."
                + " Write postgres://user:password@host:5432/database?sslmode=require, and"
                + " percent-encode what is special in user and password: @ as %40, / as %2F, : as"
                + " %3A, ? as %3F, # as %23."),
        variable(
            "REDIS_URL",
            "http://u:hidden@h",
            "REDIS_URL (iir.redis-url) is not the URL of a Redis."
                + " Write redis://[user:password@]host[:port][/database], rediss://… for TLS,"
                + " redis-sentinel://host[:port][,host…]#master or redis-socket:///path;"
                + " percent-encode special characters in the password."),
        variable(
            "IIR_ADMIN_KEY",
            "hidden",
            "IIR_ADMIN_KEY has 6 characters; an administrator's key needs at least 16."
                + " Set a longer one, such as the output of 'openssl rand -hex 32', or unset it to"
                + " have one generated."),
        new Case(
            "",
            List.of("IIR_ROUTES_DIR", "<dir>/routes"),
            "The route <dir>/routes/models.camel.yaml cannot be loaded: Unknown node id: rout."
                + " Mend the file, or take it away: then the one that ships with"
                + " the gateway is used."));
  }

  @BeforeEach
  void prepare() throws IOException {
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Files.createFile(folder.resolve("file"));
    Files.createDirectories(folder.resolve("routes"));
    Files.writeString(folder.resolve("routes/models.camel.yaml"), "- rout:\n    id: models\n");
  }

  @AfterEach
  void giveBack() throws IOException {
    taken.close();
  }

  private String filled(String text) {
    return text.replace("<dir>", folder.toString())
        .replace("<port>", Integer.toString(taken.getLocalPort()));
  }

  private Map<String, String> environment(Case each) throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put("IIR_CONFIG", "");
    all.put("IIR_HOST", "127.0.0.1");
    all.put("IIR_PORT", "0");
    all.put("IIR_MANAGEMENT_PORT", "0");
    all.put("IIR_DATA_DIR", folder.resolve("data").toString());
    all.put("IIR_DISCOVERY_ENVIRONMENT", "false");
    if (!each.yaml().isEmpty()) {
      Path yaml = Files.writeString(folder.resolve("iir.yaml"), filled(each.yaml()));
      all.put("IIR_CONFIG", yaml.toString());
    }
    for (int i = 0; i < each.variables().size(); i += 2) {
      all.put(each.variables().get(i), filled(each.variables().get(i + 1)));
    }
    return all;
  }

  /** What the console says, and what to do about it, as one line. */
  private static String said(String console) {
    assertThat(console).doesNotContain("\tat ", "Exception", "hidden");
    String[] parts = console.split("Description:\\R\\R", -1);
    assertThat(parts).as(console).hasSize(2);
    return parts[1].replaceAll("\\R\\RAction:\\R\\R", " ").strip().lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhyInASentence(Case each, CapturedOutput console) throws IOException {
    Map<String, String> environment = environment(each);
    Exception failure = catchException(() -> Start.gateway(environment).close());
    assertThat(failure).as("the start").isNotNull();
    assertThat(said(console.getAll())).isEqualTo(filled(each.sentence()));
  }

  /** The earliest failure, and the latest. */
  @Test
  void theProcessEndsWithOne() throws IOException {
    for (Case each : cases().toList()) {
      if (each.variables().equals(List.of("IIR_CONFIG", "<dir>/no.yaml"))
          || each.variables().equals(List.of("IIR_PORT", "<port>"))) {
        GatewayProcess.Failed failed = GatewayProcess.fail(environment(each));
        assertThat(failed.status()).as(failed.output()).isEqualTo(1);
        assertThat(said(failed.output())).isEqualTo(filled(each.sentence()));
      }
    }
  }
}
