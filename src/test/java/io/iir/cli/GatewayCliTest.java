package io.iir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.iir.testing.FreePort;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say where the gateway is not as it should be. */
class GatewayCliTest {

  private static final Map<String, String> KEY = Map.of("IIR_ADMIN_KEY", "sk-secret");
  private static final String ERROR =
      "{\"error\":{\"message\":\"no\",\"param\":%s,\"code\":\"c\"}}";

  @TempDir private Path folder;
  private HttpServer server = start();

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void begin() {
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void theKeyIsNotGood() {
    answer(401, ERROR.formatted("null"));
    assertUnusable("does not know the key");
    answer(403, ERROR.formatted("null"));
    assertUnusable("not an administrator's");
  }

  @Test
  void anotherVersionHasNoSuchPath() {
    answer(404, ERROR.formatted("null"));
    assertUnusable("has no /api/v1/rules/validate: the gateway there is of another version");
    answer(405, ERROR.formatted("null"));
    assertUnusable("another version");
  }

  @Test
  void somethingElseIsThere() {
    answer(200, "<html>");
    assertUnusable("answered 200 and no JSON: it is not a gateway");
    answer(404, "{\"detail\":\"Not Found\"}");
    assertUnusable("answered 404 at /api/v1/rules/validate, not as a gateway does");
    answer(302, "{}");
    assertUnusable("answered 302");
  }

  @Test
  void itCannotAnswer() {
    answer(503, ERROR.formatted("null"));
    assertUnusable("answered 503: no");
    answer(400, ERROR.formatted("null"));
    assertUnusable("no");
  }

  @Test
  void itIsNotThere() throws IOException {
    int port = FreePort.find();
    assertUnusable(
        validate("http://127.0.0.1:" + port), "cannot be reached: is the gateway running");
    assertUnusable(validate("http://no-such-host.invalid"), "http://no-such-host.invalid");
  }

  @Test
  void theUrlIsNone() {
    for (String url : new String[] {"localhost:8000", "ftp://x", "http://", "::", "http://a/?b"}) {
      assertUnusable(validate(url), "--gateway '%s' is not a URL".formatted(url));
    }
  }

  @Test
  void theKeyIsNone() throws IOException {
    Path bad = Files.writeString(folder.resolve("key"), "two words\n");
    assertUnusable(
        CliRun.of(Map.of(), rule(), "rules", "validate", "-", "--key-file", bad.toString()),
        "holds no key");
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    assertUnusable(
        CliRun.of(Map.of(), rule(), "rules", "validate", "-", "--key-file", empty.toString()),
        "is empty");
    assertUnusable(
        CliRun.of(KEY, rule(), "rules", "validate", "-", "--trust", bad.toString()),
        "not a PEM file");
  }

  @Test
  void theKeyIsNeverPrinted() {
    answer(401, ERROR.formatted("null"));
    assertThat(validate(url()).err()).doesNotContain("sk-secret");
  }

  @Test
  void offlineAsksNobodyThoughThereIsAKey() {
    CliRun run = CliRun.of(KEY, rule(), "rules", "validate", "--offline", "-");
    assertThat(run.status()).as(run.err()).isZero();
  }

  private void answer(int status, String body) {
    server.stop(0);
    server = start();
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static String rule() {
    return RuleFolder.rule("sim/echo", "x");
  }

  private static CliRun validate(String url) {
    return CliRun.of(KEY, rule(), "rules", "validate", "--gateway", url, "-");
  }

  private void assertUnusable(String message) {
    assertUnusable(validate(url()), message);
  }

  private static void assertUnusable(CliRun run, String message) {
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
