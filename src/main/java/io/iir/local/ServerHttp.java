package io.iir.local;

import io.iir.config.Secret;
import io.iir.transport.LateHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Short questions to model servers of this machine: no redirects, no proxy. Thread-safe. */
final class ServerHttp implements AutoCloseable {

  private static final long MOST = 1 << 20;

  /** What a server answered: a status, and the body's beginning. */
  record Answer(int status, String body) {}

  private final LateHttpClient http =
      new LateHttpClient(() ->
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .build());

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
    // The request's own time limit would end with the head of the answer.
    CompletableFuture<HttpResponse<String>> exchange =
        http.get()
            .sendAsync(
                request.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST));
    try {
      HttpResponse<String> response = exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within %d ms".formatted(limit.toMillis()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
