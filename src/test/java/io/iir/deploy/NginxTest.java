package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx before two gateways. */
class NginxTest {

  private static final Path NGINX = Path.of("/usr/sbin/nginx");

  @TempDir Path temp;

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
}
