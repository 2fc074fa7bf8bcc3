package io.iir.local;

import io.iir.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Short questions to model servers of this machine: no redirects, no proxy. Thread-safe. */
final class ServerHttp implements AutoCloseable {

  private static final long MOST = 1 << 20;

  /** What a server answered: a status, and the body's beginning. */
  record Answer(int status, String body) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /** Asks for {@code url}. */
  Answer get(URI url, @Nullable Secret key, Duration limit)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url).GET(), key, limit);
  }

  /** Posts {@code json} to {@code url}. */
  Answer post(URI url, String json, @Nullable Secret key, Duration limit)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)),
        key,
        limit);
  }

  private Answer send(HttpRequest.Builder request, @Nullable Secret key, Duration limit)
      throws IOException, InterruptedException {
    if (key != null) {
      request.header("Authorization", "Bearer " + key.value());
    }
    HttpResponse<String> response =
        http.send(
            request.timeout(limit).build(),
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST));
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
