package io.iir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.LocalModelSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A model in Ollama, which loads it when asked to generate nothing, and drops it when told to keep
 * it for no time.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md#load-a-model">Ollama's
 *     API</a>
 */
final class OllamaServer implements ModelServer {

  private static final Duration QUESTION = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalModelSettings settings;
  private final ServerHttp http;
  private final URI root;

  /** The model of {@code settings} in the Ollama at {@code root}. */
  OllamaServer(LocalModelSettings settings, ServerHttp http, URI root) {
    this.settings = settings;
    this.http = http;
    this.root = root;
  }

  @Override
  public RunningServer start() throws ModelStartException, InterruptedException {
    try {
      // Longer than it may be idle: the gateway decides when it is dropped.
      ServerHttp.Answer answer = keep(settings.idleTtl().toSeconds() + 60, settings.startTimeout());
      if (answer.status() == 200) {
        return new Loaded();
      }
      throw new ModelStartException(
          "cannot be loaded: Ollama at %s answers HTTP %d%s"
              .formatted(root, answer.status(), error(answer)));
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be loaded: Ollama at %s does not answer (%s); start it with 'ollama serve'"
              .formatted(root, e.getClass().getSimpleName()));
    }
  }

  private String error(ServerHttp.Answer answer) {
    String pull =
        answer.status() == 404 ? "; try 'ollama pull %s'".formatted(settings.model()) : "";
    try {
      String said = JSON.readTree(answer.body()).path("error").asText("");
      return (said.isEmpty() ? "" : ", " + said) + pull;
    } catch (IOException e) {
      return pull;
    }
  }

  private ServerHttp.Answer keep(long seconds, Duration limit)
      throws IOException, InterruptedException {
    String wish =
        JSON.createObjectNode()
            .put("model", settings.model())
            .put("stream", false)
            .put("keep_alive", seconds)
            .toString();
    return http.post(URI.create(root + "/api/generate"), wish, settings.apiKey(), limit);
  }

  @Override
  public @Nullable RunningServer find() throws InterruptedException {
    try {
      ServerHttp.Answer answer =
          http.get(URI.create(root + "/api/ps"), settings.apiKey(), QUESTION);
      for (JsonNode each : JSON.readTree(answer.body()).path("models")) {
        String name = each.path("name").asText();
        if (name.equals(settings.model()) || name.equals(settings.model() + ":latest")) {
          return new Loaded();
        }
      }
    } catch (IOException e) {
      return null; // it is started later, and so will the model be
    }
    return null;
  }

  /** The model in Ollama's memory. What drops it there, it loads again by itself. */
  private final class Loaded implements RunningServer {

    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public URI baseUrl() {
      return URI.create(root + "/v1");
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public String obituary() {
      return "is gone";
    }

    @Override
    public CompletableFuture<String> ended() {
      return ended;
    }

    @Override
    public void stop() throws InterruptedException {
      try {
        keep(0, QUESTION);
      } catch (IOException e) {
        // Ollama is gone, and the model with it.
        return;
      }
    }

    @Override
    public @Nullable Long pid() {
      return null;
    }
  }
}
