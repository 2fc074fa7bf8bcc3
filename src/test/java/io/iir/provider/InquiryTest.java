package io.iir.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InquiryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.shutdownNow();
  }

  @Test
  void allQuestionsShareOneLimitOfTime() throws Exception {
    try (FakeServer server = new FakeServer(FakeServer.nothing())) {
      Inquiry inquiry = new Inquiry(http, server.baseUrl(), null, Duration.ofMillis(300));
      assertThat(inquiry.timeLeft()).isPositive();
      assertThatThrownBy(inquiry::models)
          .isInstanceOf(HttpTimeoutException.class)
          .hasMessage("no answer within 300 ms");
      server.answer(FakeServer.models("a"));
      assertThat(inquiry.timeLeft()).isZero();
      assertThatThrownBy(() -> inquiry.get(server.baseUrl() + "/models?page=2"))
          .isInstanceOf(HttpTimeoutException.class);
    }
  }

  @Test
  void allDescriptionsShareOneLimitOfBytes() throws Exception {
    String megabyte = "\"" + "a".repeat((1 << 20) - 2) + "\"";
    try (FakeServer server = new FakeServer(FakeServer.body(200, megabyte))) {
      Inquiry inquiry = new Inquiry(http, server.baseUrl(), null, PATIENCE);
      String url = server.baseUrl() + "/models";
      for (int i = 0; i < 64; i++) {
        assertThat(inquiry.describe(url, JsonNodeFactory.instance.objectNode()).isTextual())
            .isTrue();
      }
      assertThatThrownBy(() -> inquiry.describe(url, JsonNodeFactory.instance.objectNode()))
          .isInstanceOf(IOException.class)
          .hasMessage("described models with more than 64 MB");
      assertThat(server.calls()).isEqualTo(64);
    }
  }

  @Test
  void aDescriptionThatIsRefusedCostsNothing() throws Exception {
    try (FakeServer server = new FakeServer(FakeServer.body(404, "{}"))) {
      Inquiry inquiry = new Inquiry(http, server.baseUrl(), null, PATIENCE);
      for (int i = 0; i < 70; i++) {
        assertThatThrownBy(() ->
                inquiry.describe(
                    server.baseUrl() + "/models", JsonNodeFactory.instance.objectNode()))
            .hasMessage("HTTP 404");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: secret\r\n\r\n"
      })
  void whatIsNoAnswerIsNotQuoted(String written) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answerAll(socket, written));
      URI url = URI.create("http://127.0.0.1:%d/v1".formatted(socket.getLocalPort()));
      assertThatThrownBy(new Inquiry(http, url, null, PATIENCE)::models)
          .isInstanceOf(IOException.class)
          .hasMessage("broke off its answer, or it is no HTTP");
    }
  }

  private static void answerAll(ServerSocket socket, String written) {
    try {
      while (true) {
        try (Socket one = socket.accept()) {
          assertThat(one.getInputStream().read(new byte[8192])).isPositive();
          one.getOutputStream().write(written.getBytes(UTF_8));
        }
      }
    } catch (IOException e) {
      assertThat(socket.isClosed()).isTrue();
    }
  }
}
