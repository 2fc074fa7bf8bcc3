package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Certificate;
import io.iir.testing.Gateway;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both sides: a gateway serves it, and is another gateway's provider. */
class TlsIT {

  private static final String ASK =
      """
      {"model":"%s","messages":[{"role":"user","content":"Hello over TLS"}]}\
      """;

  @TempDir static Path folder;
  private static Certificate certificate;
  private static Certificate elsewhere;
  private static Gateway server;

  @BeforeAll
  static void start() {
    certificate = Certificate.create(folder, "localhost");
    elsewhere = Certificate.create(folder, "elsewhere.example");
    server = serving(certificate);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aClientThatTrustsTheCertificateIsAnswered() throws Exception {
    HttpResponse<String> answer = ask(certificate.trust(), ASK.formatted("sim/echo"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello over TLS");
    assertThat(answer.sslSession()).isPresent();
  }

  @Test
  void aStreamPassesToo() throws Exception {
    String stream = ASK.formatted("sim/echo").replace("{\"model\"", "{\"stream\":true,\"model\"");

    HttpResponse<String> answer = ask(certificate.trust(), stream);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void aClientThatDoesNotTrustItLeaves() {
    assertThatExceptionOfType(SSLHandshakeException.class)
        .isThrownBy(() -> ask(elsewhere.trust(), ASK.formatted("sim/echo")));
  }

  @Test
  void aProviderWhoseCertificateIsTrustedIsCalled() throws Exception {
    try (Gateway gateway = calling(server, "iir.tls.trust=" + certificate.certificate())) {
      HttpResponse<String> answer = gateway.chat(ASK.formatted("far/sim/echo"));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("Hello over TLS");
    }
  }

  @Test
  void aProviderWhoseCertificateIsNotTrustedIsRefused() throws Exception {
    try (Gateway gateway = calling(server)) {
      assertRefused(gateway);
    }
  }

  /** Trusted, but for another host's name. */
  @Test
  void aProviderWithAnotherHostsCertificateIsRefused() throws Exception {
    try (Gateway other = serving(elsewhere);
        Gateway gateway = calling(other, "iir.tls.trust=" + elsewhere.certificate())) {
      assertRefused(gateway);
    }
  }

  private static void assertRefused(Gateway gateway) {
    HttpResponse<String> answer = gateway.chat(ASK.formatted("far/sim/echo"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("no_target_available");
    assertThat(error.path("message").asText())
        .contains("far/sim/echo", "TLS handshake failed")
        .doesNotContain("Exception");
  }

  private static Gateway serving(Certificate certificate) {
    return Gateway.start(
        "iir.server.tls.certificate=" + certificate.certificate(),
        "iir.server.tls.private-key=" + certificate.privateKey());
  }

  private static Gateway calling(Gateway provider, String... settings) {
    return Gateway.start(
        Gateway.all(
            new String[] {
              "iir.providers.far.base-url=https://localhost:%d/v1".formatted(provider.port()),
              "iir.providers.far.api-key=" + Gateway.ADMIN_KEY,
              "iir.providers.far.models=any"
            },
            settings));
  }

  private static HttpResponse<String> ask(SSLContext trust, String body) throws Exception {
    URI url = URI.create("https://localhost:%d/v1/chat/completions".formatted(server.port()));
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return client.send(
          HttpRequest.newBuilder(url)
              .header("Authorization", "Bearer " + Gateway.ADMIN_KEY)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
