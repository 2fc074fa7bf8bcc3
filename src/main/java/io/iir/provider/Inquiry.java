package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One look at a server: all its questions share one limit of time, and those that list models one
 * of bytes. Whatever is no answer is an {@link IOException} whose message says why in words,
 * without the key and without what the server wrote; {@link HttpTimeoutException} where time ran
 * out. Blocks. For one thread, but for {@link #describe}.
 */
final class Inquiry {

  private static final int MEGABYTE = 1 << 20;

  /** How much all lists of one look may hold. */
  private static final int LISTS = 8 * MEGABYTE;

  /** How much is read of what a server says of one model. */
  private static final int DESCRIPTION = MEGABYTE;

  /** How much is read of what it says of all of them, each for itself. */
  private static final long DESCRIPTIONS = 64L * MEGABYTE;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a server answered.
   *
   * @param body what it said
   * @param server what it calls itself, or empty
   */
  record Page(JsonNode body, String server) {}

  private final HttpClient http;
  private final URI baseUrl;
  private final @Nullable Secret key;
  private final Duration limit;
  private final long deadline;
  private long bytesLeft = LISTS;
  private final AtomicLong descriptionsLeft = new AtomicLong(DESCRIPTIONS);
  private final Map<String, Page> known = new HashMap<>();

  Inquiry(HttpClient http, URI baseUrl, @Nullable Secret key, Duration limit) {
    this.http = http;
    this.baseUrl = baseUrl;
    this.key = key;
    this.limit = limit;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  URI baseUrl() {
    return baseUrl;
  }

  /** Where the server's other protocols are: the base URL without the {@code /v1} at its end. */
  String root() {
    return baseUrl.toString().replaceFirst("/v1$", "");
  }

  /** How much time is left; never below zero. */
  Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** The list at {@code /models}, asked for once. */
  Page models() throws IOException, InterruptedException {
    return known(baseUrl + "/models");
  }

  /** What {@code url} answers, asked once, with the key as OpenAI wants it. */
  JsonNode get(String url) throws IOException, InterruptedException {
    return known(url).body();
  }

  private Page known(String url) throws IOException, InterruptedException {
    Page page = known.get(url);
    if (page == null) {
      page = page(url, bearer());
      known.put(url, page);
    }
    return page;
  }

  /** What {@code url} answers, asked with {@code headers}. */
  JsonNode get(String url, Map<String, String> headers) throws IOException, InterruptedException {
    return page(url, headers).body();
  }

  /** The header that OpenAI wants, or none without a key. */
  Map<String, String> bearer() {
    return key == null ? Map.of() : Map.of("Authorization", "Bearer " + key.value());
  }

  /** The key in a header of that name, or none without a key. */
  Map<String, String> keyAs(String header) {
    return key == null ? Map.of() : Map.of(header, key.value());
  }

  /** What {@code url} answers to {@code question} about one model. Thread-safe. */
  JsonNode describe(String url, JsonNode question) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(question)));
    bearer().forEach(request::header);
    return json(described(request.build()));
  }

  /** What {@code request} is answered with; what it may be at most is set aside meanwhile. */
  private byte[] described(HttpRequest request) throws IOException, InterruptedException {
    long before = descriptionsLeft.getAndUpdate(left -> left - Math.min(left, DESCRIPTION));
    long most = Math.min(before, DESCRIPTION);
    if (most == 0) {
      throw new IOException(
          "described models with more than %d MB".formatted(DESCRIPTIONS / MEGABYTE));
    }
    long read = most;
    try {
      byte[] body = send(request, most).body();
      read = body.length;
      return body;
    } catch (StatusException e) {
      read = 0;
      throw e;
    } finally {
      descriptionsLeft.addAndGet(most - read);
    }
  }

  private Page page(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    headers.forEach(request::header);
    HttpResponse<byte[]> response = send(request.build(), bytesLeft);
    bytesLeft -= response.body().length;
    return new Page(json(response.body()), response.headers().firstValue("Server").orElse(""));
  }

  private HttpResponse<byte[]> send(HttpRequest request, long most)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    try {
      HttpResponse<byte[]> response = exchange.get(timeLeft().toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200) {
        throw new StatusException(response.statusCode(), words(response));
      }
      return response;
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within %d ms".formatted(limit.toMillis()));
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause(), most), e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  private String words(HttpResponse<?> response) {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      return "%s (HTTP %d)"
          .formatted(key == null ? "wants a key, and none is set" : "refused the key", status);
    }
    String location = response.headers().firstValue("Location").orElse("");
    return status / 100 == 3 && !location.isEmpty()
        ? "redirects (%d to %s), which is not followed".formatted(status, host(location))
        : "HTTP " + status;
  }

  private String host(String location) {
    try {
      String host = baseUrl.resolve(location).getHost();
      return host == null ? "nowhere" : host;
    } catch (IllegalArgumentException e) {
      return "nowhere";
    }
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      boolean page = body.length > 0 && body[0] == '<';
      throw new IOException(page ? "answered a web page, not JSON" : "answered no JSON", e);
    }
  }

  private static String reason(@Nullable Throwable failure, long most) {
    if (failure instanceof ConnectException) {
      return failure.getCause() instanceof UnresolvedAddressException
          ? "the host's name is not known"
          : "cannot connect";
    }
    if (failure instanceof SSLException) {
      return "its certificate is not trusted, or it speaks no TLS";
    }
    // What else the client says may quote the server.
    return failure != null && String.valueOf(failure.getMessage()).contains("exceeds capacity")
        ? "answered more than %d MB"
            .formatted((most > DESCRIPTION ? LISTS : DESCRIPTION) / MEGABYTE)
        : "broke off its answer, or it is no HTTP";
  }
}
