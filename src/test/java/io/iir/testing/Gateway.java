package io.iir.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.IirApplication;
import io.iir.flow.engine.GatewayServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * A whole gateway in this process, on a free port, with a data directory of its own, that finds no
 * providers by itself and, unless settings say otherwise, has no management port and asks no
 * encoder. Close it.
 */
public final class Gateway implements AutoCloseable {

  /** The admin key of every test gateway. */
  public static final String ADMIN_KEY = "sk-test-admin-0123456789";

  private static final String MANAGEMENT_PORT = "iir.management.port=";
  private static final String ENCODER = "iir.classify.encoder=";
  private static final String LOCAL_PORTS = "iir.discovery.local-ports";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final @Nullable Path ownDataDir;
  private final ConfigurableApplicationContext context;

  private Gateway(@Nullable Path ownDataDir, ConfigurableApplicationContext context) {
    this.ownDataDir = ownDataDir;
    this.context = context;
  }

  /** Starts a gateway with {@code settings}, each {@code iir.name=value}. */
  public static Gateway start(String... settings) {
    try {
      Path dataDir = Files.createTempDirectory("iir-test");
      return new Gateway(dataDir, run(dataDir, context -> {}, settings));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a gateway as {@link #start} does, to whose beans {@code beans} adds primary ones. */
  public static Gateway startWith(Consumer<GenericApplicationContext> beans, String... settings) {
    try {
      Path dataDir = Files.createTempDirectory("iir-test");
      return new Gateway(dataDir, run(dataDir, beans, settings));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a gateway as {@link #start} does, on a data directory that outlives it. */
  public static Gateway startIn(Path dataDir, String... settings) {
    return new Gateway(null, run(dataDir, context -> {}, settings));
  }

  private static ConfigurableApplicationContext run(
      Path dataDir, Consumer<GenericApplicationContext> beans, String... settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--iir.port=0");
    if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith("iir.host="))) {
      arguments.add("--iir.host=127.0.0.1");
    }
    arguments.add("--iir.data-dir=" + dataDir);
    arguments.add("--iir.admin-key=" + ADMIN_KEY);
    arguments.add("--iir.discovery.environment=false");
    if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(MANAGEMENT_PORT))) {
      arguments.add("--" + MANAGEMENT_PORT + "0");
    }
    // A list that is given twice is both.
    if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(LOCAL_PORTS))) {
      arguments.add("--" + LOCAL_PORTS + "=");
    }
    if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(ENCODER))) {
      arguments.add("--" + ENCODER + "off");
    }
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    SpringApplication application = IirApplication.application();
    application.setRegisterShutdownHook(false);
    application.addInitializers(context -> beans.accept((GenericApplicationContext) context));
    return application.run(arguments.toArray(String[]::new));
  }

  /** The setting that makes {@code baseUrl} an OpenAI-protocol provider which takes any model. */
  public static String[] provider(String name, String baseUrl, String... more) {
    String prefix = "iir.providers." + name + ".";
    List<String> settings = new ArrayList<>();
    settings.add(prefix + "protocol=openai");
    settings.add(prefix + "base-url=" + baseUrl);
    settings.add(prefix + "api-key=sk-upstream-" + name);
    settings.add(prefix + "models=any");
    for (String setting : more) {
      settings.add(prefix + setting);
    }
    return settings.toArray(String[]::new);
  }

  /** Several lists of settings as one. */
  public static String[] all(String[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray(String[]::new);
  }

  /** The port that it listens on. */
  public int port() {
    GatewayServer server = context.getBeanProvider(GatewayServer.class).getIfAvailable();
    return server != null
        ? server.port()
        : context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** A URL on it. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** A bean of it. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** The Spring context that it is. */
  public ConfigurableApplicationContext context() {
    return context;
  }

  /**
   * An API key.
   *
   * @param id what it is administered by
   * @param secret what it is sent as
   */
  public record NewKey(String id, String secret) {

    /** The header that a client sends. */
    public String header() {
      return "Authorization: Bearer " + secret;
    }
  }

  /** Makes a key as {@code description} says. */
  public NewKey newKey(String description) {
    HttpResponse<String> answer =
        send(
            request("/api/v1/apikeys")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(description))
                .build());
    if (answer.statusCode() != 201) {
      throw new AssertionError("no key: " + answer.body());
    }
    JsonNode key = json(answer.body());
    return new NewKey(key.path("id").asText(), key.path("key").asText());
  }

  /** {@code text} as a tree. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** Posts {@code body} to the chat endpoint as the administrator. */
  public HttpResponse<String> chat(String body, String... headers) {
    return send(
        request("/v1/chat/completions", headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Gets {@code path} as the administrator. */
  public HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  /** A request as the administrator, unless {@code headers} (name, value, …) say otherwise. */
  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(url(path));
    builder.header("Authorization", "Bearer " + ADMIN_KEY);
    for (int i = 0; i < headers.length; i += 2) {
      builder.setHeader(headers[i], headers[i + 1]);
    }
    return builder;
  }

  /** Sends {@code request} and waits for the whole answer. */
  public HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The client that {@link #send} uses. */
  public HttpClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    client.close();
    context.close();
    if (ownDataDir != null) {
      FileSystemUtils.deleteRecursively(ownDataDir);
    }
  }
}
