package io.iir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.iir.config.LocalModelSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ollama and vLLM, driven by their own interfaces, as real HTTP servers that answer like them. */
class DriversTest {

  /** An answer: a status, and a body. */
  private record Reply(int status, String body) {}

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final ServerHttp http = new ServerHttp();

  @SuppressWarnings("NullAway.Init") // set before each
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().toString();
          asked.add(exchange.getRequestMethod() + " " + path + " " + body);
          Reply reply = replies.getOrDefault(path, new Reply(404, "{}"));
          byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    http.close();
  }

  private URI root() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static LocalModelSettings settings(LocalModelSettings.Driver driver) {
    return new LocalModelSettings(
        "local/m",
        driver,
        "llama3.2",
        List.of(),
        Map.of(),
        null,
        null,
        "/v1",
        "/health",
        null,
        null,
        null,
        Duration.ofMinutes(10),
        Duration.ofSeconds(30));
  }

  private OllamaServer ollama() {
    return new OllamaServer(settings(LocalModelSettings.Driver.OLLAMA), http, root());
  }

  private VllmServer vllm() {
    return new VllmServer(settings(LocalModelSettings.Driver.VLLM), http, root());
  }

  @Test
  void ollamaLoadsAndDropsIt() throws Exception {
    replies.put("/api/generate", new Reply(200, "{\"done\":true}"));
    RunningServer loaded = ollama().start();
    assertThat(loaded.baseUrl()).isEqualTo(URI.create(root() + "/v1"));
    loaded.stop();
    assertThat(asked)
        .containsExactly(
            "POST /api/generate {\"model\":\"llama3.2\",\"stream\":false,\"keep_alive\":660}",
            "POST /api/generate {\"model\":\"llama3.2\",\"stream\":false,\"keep_alive\":0}");
  }

  @Test
  void ollamaThatHasItLoadedIsFound() throws Exception {
    replies.put("/api/ps", new Reply(200, "{\"models\":[{\"name\":\"llama3.2:latest\"}]}"));
    assertThat(ollama().find()).isNotNull();
    replies.put("/api/ps", new Reply(200, "{\"models\":[{\"name\":\"other\"}]}"));
    assertThat(ollama().find()).isNull();
  }

  @Test
  void ollamaWithoutTheModelSaysHowToGetIt() {
    replies.put("/api/generate", new Reply(404, "{\"error\":\"model 'llama3.2' not found\"}"));
    assertThatThrownBy(() -> ollama().start())
        .isInstanceOf(ModelStartException.class)
        .hasMessageContaining("model 'llama3.2' not found")
        .hasMessageContaining("try 'ollama pull llama3.2'");
  }

  @Test
  void ollamaThatIsNotThereIsNamed() {
    server.stop(0);
    assertThatThrownBy(() -> ollama().start())
        .isInstanceOf(ModelStartException.class)
        .hasMessageContaining("does not answer")
        .hasMessageContaining("ollama serve");
  }

  @Test
  void vllmIsWokenUpAndSentToSleep() throws Exception {
    replies.put("/is_sleeping", new Reply(200, "{\"is_sleeping\":true}"));
    replies.put("/wake_up", new Reply(200, ""));
    replies.put("/health", new Reply(200, ""));
    replies.put("/sleep?level=1", new Reply(200, ""));
    assertThat(vllm().find()).isNull();
    RunningServer awake = vllm().start();
    assertThat(awake.baseUrl()).isEqualTo(URI.create(root() + "/v1"));
    awake.stop();
    assertThat(asked)
        .containsExactly(
            "GET /is_sleeping ",
            "GET /is_sleeping ",
            "POST /wake_up ",
            "GET /health ",
            "POST /sleep?level=1 ");
  }

  @Test
  void vllmThatIsAwakeIsFoundAndNotWoken() throws Exception {
    replies.put("/is_sleeping", new Reply(200, "{\"is_sleeping\":false}"));
    replies.put("/health", new Reply(200, ""));
    assertThat(vllm().find()).isNotNull();
    vllm().start();
    assertThat(asked).doesNotContain("POST /wake_up ");
  }

  @Test
  void vllmWithoutSleepModeSaysHowToStartIt() {
    assertThatThrownBy(() -> vllm().start())
        .isInstanceOf(ModelStartException.class)
        .hasMessageContaining("has no sleep mode")
        .hasMessageContaining("--enable-sleep-mode");
  }
}
