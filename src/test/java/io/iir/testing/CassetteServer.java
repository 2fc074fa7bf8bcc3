package io.iir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a real socket that answers what one of its kind answered when it was recorded. It
 * refuses who has not its key, and notes requests that it has no answer for, and keys that are sent
 * to one that has none. Start one by {@link Cassettes}; close it.
 */
public final class CassetteServer implements AutoCloseable {

  /** The key that those have who want one. */
  public static final String KEY = "sk-of-the-provider-0123456789";

  private static final List<String> KEYS = List.of("Authorization", "x-api-key", "x-goog-api-key");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What it does with one request. */
  public interface Answer {
    /** Answers {@code exchange}. */
    void to(HttpExchange exchange) throws IOException;
  }

  /** One request that was recorded, and how often it has been made. */
  private record Exchange(JsonNode recorded, AtomicInteger calls) {

    boolean isFor(String request, String body) {
      return recorded.path("request").asText().equals(request)
          && body.contains(recorded.path("body").asText(""));
    }
  }

  private final Path folder;
  private final JsonNode cassette;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<String> surprises = new CopyOnWriteArrayList<>();
  private final Map<Integer, Answer> instead = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  CassetteServer(Path folder) {
    this.folder = folder;
    try {
      cassette = JSON.readTree(Files.readAllBytes(folder.resolve("cassette.json")));
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cassette
        .path("exchanges")
        .forEach(one -> exchanges.add(new Exchange(one, new AtomicInteger())));
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** What a provider of this kind is usually called. */
  public String provider() {
    return cassette.path("provider").asText();
  }

  /** What to configure as the provider's base URL. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port() + cassette.path("base").asText());
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The key that it wants, or null. */
  public @Nullable String key() {
    return cassette.has("key") ? KEY : null;
  }

  /** The settings, for {@link Gateway#start}, that make it a provider. */
  public String[] settings() {
    String prefix = "iir.providers." + provider() + ".";
    String baseUrl = prefix + "base-url=" + baseUrl();
    return key() == null
        ? new String[] {baseUrl}
        : new String[] {baseUrl, prefix + "api-key=" + KEY};
  }

  /** What it answers instead of its list that holds no models. */
  public String emptyList() {
    return cassette.path("empty").toString();
  }

  /** From now on it answers so to whoever asks for its list. */
  public void listAnswers(Answer answer) {
    instead.put(0, answer);
  }

  /** From now on it answers so to all but those that ask for its list or find out its kind. */
  public void restAnswers(Answer answer) {
    for (int i = 1; i < exchanges.size(); i++) {
      if (!exchanges.get(i).recorded().path("probe").asBoolean()) {
        instead.put(i, answer);
      }
    }
  }

  /** From now on it answers so to those that find out its kind. */
  public void probesAnswer(Answer answer) {
    for (int i = 1; i < exchanges.size(); i++) {
      if (exchanges.get(i).recorded().path("probe").asBoolean()) {
        instead.put(i, answer);
      }
    }
  }

  /** From now on it answers as it was recorded. */
  public void answersAsRecorded() {
    instead.clear();
  }

  /** Answers with a body. */
  public static Answer body(int status, byte[] bytes, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
    };
  }

  /** As above, in UTF-8. */
  public static Answer body(int status, String text, String... headers) {
    return body(status, text.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Answers nothing, and keeps the connection. */
  public static Answer nothing() {
    return exchange -> {};
  }

  /** Fails unless it was asked exactly what {@code looks} looks at it ask. */
  public void verifyLooks(int looks) {
    assertThat(surprises).as("requests that no recording answers, and keys").isEmpty();
    for (Exchange each : exchanges) {
      JsonNode recorded = each.recorded();
      int once = recorded.path("calls").asInt(1);
      assertThat(each.calls())
          .as("%s %s", recorded.path("request").asText(), recorded.path("body").asText(""))
          .hasValue(recorded.path("probe").asBoolean() ? once : once * looks);
    }
  }

  /** How many requests it has had that are recorded. */
  public int requests() {
    return exchanges.stream().mapToInt(each -> each.calls().get()).sum();
  }

  /** Fails if it was asked what no recording answers, or sent a key though it has none. */
  public void verifyNoSurprises() {
    assertThat(surprises).isEmpty();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    for (int i = 0; i < exchanges.size(); i++) {
      Exchange one = exchanges.get(i);
      if (one.isFor(request, body)) {
        one.calls().incrementAndGet();
        instead
            .getOrDefault(i, recorded(one.recorded(), exchange.getRequestHeaders()))
            .to(exchange);
        return;
      }
    }
    surprises.add(request + " " + body);
    body(404, "{}").to(exchange);
  }

  private Answer recorded(JsonNode one, Headers sent) throws IOException {
    if (refuses(one, sent)) {
      return body(401, "{\"error\":{\"message\":\"Incorrect API key provided.\"}}");
    }
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    one.path("headers")
        .properties()
        .forEach(header -> {
          headers.add(header.getKey());
          headers.add(header.getValue().asText());
        });
    byte[] bytes =
        one.has("file")
            ? Files.readAllBytes(folder.resolve(one.path("file").asText()))
            : "{\"error\":\"recorded\"}".getBytes(StandardCharsets.UTF_8);
    return body(one.path("status").asInt(200), bytes, headers.toArray(String[]::new));
  }

  /** Whether a header is missing that was recorded; a key that it does not want is noted. */
  private boolean refuses(JsonNode one, Headers sent) {
    JsonNode key = cassette.path("key");
    if (key.isMissingNode()) {
      KEYS.stream().filter(sent::containsKey).forEach(name -> surprises.add("a key in " + name));
      return false;
    }
    String wanted = key.path("value").asText().replace("{key}", KEY);
    boolean all = true;
    for (Map.Entry<String, JsonNode> header : one.path("requires").properties()) {
      all &= header.getValue().asText().equals(sent.getFirst(header.getKey()));
    }
    return !all || !wanted.equals(sent.getFirst(key.path("header").asText()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
