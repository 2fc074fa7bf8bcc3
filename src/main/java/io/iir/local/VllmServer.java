package io.iir.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.LocalModelSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A vLLM server that runs all the time, and sleeps while no request needs it: its weights leave the
 * memory of graphics processors and come back within a second or two. It must have been started
 * with {@code --enable-sleep-mode} and {@code VLLM_SERVER_DEV_MODE=1}.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/features/sleep_mode/">vLLM's sleep mode</a>
 */
final class VllmServer implements ModelServer {

  private static final Duration QUESTION = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalModelSettings settings;
  private final ServerHttp http;
  private final URI root;

  /** The vLLM at {@code root}, of {@code settings}. */
  VllmServer(LocalModelSettings settings, ServerHttp http, URI root) {
    this.settings = settings;
    this.http = http;
    this.root = root;
  }

  @Override
  public RunningServer start() throws ModelStartException, InterruptedException {
    try {
      if (sleeps()) {
        ServerHttp.Answer woken = post("/wake_up", settings.startTimeout());
        if (woken.status() != 200) {
          throw new ModelStartException(
              "does not wake up: vLLM at %s answers HTTP %d".formatted(root, woken.status()));
        }
      }
      ServerHttp.Answer health =
          http.get(URI.create(root + settings.ready()), settings.apiKey(), QUESTION);
      if (health.status() != 200) {
        throw new ModelStartException(
            "is not ready: vLLM at %s answers HTTP %d to %s"
                .formatted(root, health.status(), settings.ready()));
      }
      return new Awake();
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be woken up: vLLM at %s does not answer (%s); start it with 'vllm serve %s"
                  .formatted(root, e.getClass().getSimpleName(), settings.model())
              + " --enable-sleep-mode' and VLLM_SERVER_DEV_MODE=1");
    }
  }

  private boolean sleeps() throws IOException, InterruptedException, ModelStartException {
    ServerHttp.Answer answer =
        http.get(URI.create(root + "/is_sleeping"), settings.apiKey(), QUESTION);
    if (answer.status() == 404) {
      throw new ModelStartException(
          ("cannot be woken up: vLLM at %s has no sleep mode; start it with --enable-sleep-mode and"
                  + " VLLM_SERVER_DEV_MODE=1")
              .formatted(root));
    }
    return JSON.readTree(answer.body()).path("is_sleeping").asBoolean();
  }

  private ServerHttp.Answer post(String path, Duration limit)
      throws IOException, InterruptedException {
    return http.post(URI.create(root + path), "", settings.apiKey(), limit);
  }

  @Override
  public @Nullable RunningServer find() throws InterruptedException {
    try {
      return sleeps() ? null : new Awake();
    } catch (IOException | ModelStartException e) {
      return null; // it is said when a request wants it
    }
  }

  /** The server while it is awake. */
  private final class Awake implements RunningServer {

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
        post("/sleep?level=1", LONGEST);
      } catch (IOException e) {
        // It is gone, and takes no memory any more.
        return;
      }
    }

    @Override
    public @Nullable Long pid() {
      return null;
    }
  }
}
