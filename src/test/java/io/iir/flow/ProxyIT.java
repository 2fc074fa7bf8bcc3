package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Certificate;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProxy;
import io.iir.testing.Gateway;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to providers through a proxy that the environment names. */
class ProxyIT {

  private static final String ASK =
      """
      {"model":"far/%s","messages":[{"role":"user","content":"Hello through a proxy"}]}\
      """;
  private static final String LOGIN = "Basic bWU6c2VjcmV0";

  @TempDir Path folder;

  private static String[] provider(String baseUrl, String... more) {
    return Gateway.all(
        new String[] {
          "iir.providers.far.base-url=" + baseUrl,
          "iir.providers.far.api-key=" + Gateway.ADMIN_KEY,
          "iir.providers.far.models=any"
        },
        more);
  }

  @Test
  void aTunnelLeadsToAProviderOverTls() throws Exception {
    Certificate certificate = Certificate.create(folder, "upstream.example");
    try (Gateway server =
            Gateway.start(
                "iir.server.tls.certificate=" + certificate.certificate(),
                "iir.server.tls.private-key=" + certificate.privateKey());
        FakeProxy proxy = new FakeProxy(server.port(), LOGIN);
        Gateway gateway =
            Gateway.start(
                provider(
                    "https://upstream.example/v1",
                    "iir.tls.trust=" + certificate.certificate(),
                    "HTTPS_PROXY=http://me:secret@127.0.0.1:" + proxy.port()))) {
      HttpResponse<String> answer = gateway.chat(ASK.formatted("sim/echo"));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("Hello through a proxy");
      assertThat(proxy.heads()).hasSize(1);
      assertThat(proxy.heads().getFirst()).startsWith("CONNECT upstream.example:443 HTTP/1.1\r\n");
    }
  }

  @Test
  void aRequestInPlainNamesTheWholeAddress() throws Exception {
    try (FakeProvider upstream = new FakeProvider(call -> call.completion("Hi.", 1, 1));
        FakeProxy proxy = new FakeProxy(URI.create(upstream.baseUrl()).getPort(), LOGIN);
        Gateway gateway =
            Gateway.start(
                provider(
                    "http://upstream.example:8000/v1",
                    "HTTP_PROXY=http://me:secret@127.0.0.1:" + proxy.port()))) {
      HttpResponse<String> answer = gateway.chat(ASK.formatted("m"));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("Hi.");
      assertThat(proxy.heads().getFirst())
          .startsWith("POST http://upstream.example:8000/v1/chat/completions HTTP/1.1\r\n")
          .containsIgnoringCase("host: upstream.example:8000\r\n");
    }
  }

  @Test
  void aProxyThatRefusesIsSaidTo() throws Exception {
    try (FakeProvider upstream = new FakeProvider(call -> call.completion("Hi.", 1, 1));
        FakeProxy proxy = new FakeProxy(URI.create(upstream.baseUrl()).getPort(), LOGIN);
        Gateway gateway =
            Gateway.start(
                provider(
                    "https://upstream.example/v1",
                    "HTTPS_PROXY=http://you:geheim@127.0.0.1:" + proxy.port()))) {
      HttpResponse<String> answer = gateway.chat(ASK.formatted("m"));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body())
          .contains("the proxy made no connection: status 407")
          .doesNotContain("geheim");
      assertThat(upstream.calls()).isEmpty();
    }
  }
}
