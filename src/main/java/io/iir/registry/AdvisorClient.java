package io.iir.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Secret;
import io.iir.openai.ProviderErrorBody;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a provider for one chat completion: no redirects, no proxy, at most 1 MB, a time limit on
 * the whole. Where the provider refuses the shape that the answer must have, it is asked again
 * without. Blocks; meant for virtual threads. Thread-safe.
 */
final class AdvisorClient implements AutoCloseable {

  private static final long MAX_BYTES = 1L << 20;
  private static final String SHAPE = "response_format";

  private final HttpClient http;
  private final Duration limit;

  /** A client that checks servers by {@code tls} and waits for {@code limit}. */
  AdvisorClient(SSLContext tls, Duration limit) {
    this.limit = limit;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .sslContext(tls)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** What came of asking. */
  sealed interface Answer {
    /** A body with status 200. */
    record Body(String text) implements Answer {}

    /** None: the end of a sentence, without a secret. */
    record Failed(String why) implements Answer {}
  }

  /** Asks for {@code body}. */
  Answer ask(Resolved whom, ObjectNode body) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpResponse<byte[]> response;
    try {
      response = send(whom, body, deadline);
      if (response.statusCode() == 400 || response.statusCode() == 422) {
        response = send(whom, body.deepCopy().without(SHAPE), deadline);
      }
    } catch (TimeoutException e) {
      return new Answer.Failed("it did not answer within %d ms".formatted(limit.toMillis()));
    } catch (ExecutionException e) {
      return new Answer.Failed(why(e.getCause(), whom));
    }
    return response.statusCode() == 200
        ? new Answer.Body(new String(response.body(), UTF_8))
        : new Answer.Failed(why(response, whom.provider()));
  }

  private HttpResponse<byte[]> send(Resolved whom, ObjectNode body, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(whom.baseUrl() + "/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), UTF_8));
    Secret key = whom.provider().apiKey();
    if (key != null) {
      request.header("Authorization", "Bearer " + key.value());
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      return exchange.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } finally {
      exchange.cancel(true);
    }
  }

  private static String why(HttpResponse<byte[]> response, Provider provider) {
    int status = response.statusCode();
    if (status == 401 || status == 403) { // such an answer may quote the key
      return "provider '%s' refuses the gateway's key (HTTP %d): check providers.%s.api-key"
          .formatted(provider.name(), status, provider.name());
    }
    if (status < 400) {
      return "provider '%s' answered HTTP %d, and redirects are not followed"
          .formatted(provider.name(), status);
    }
    String said = ProviderErrorBody.normalise(status, response.body(), provider.name()).message();
    Secret key = provider.apiKey();
    return "provider '%s' answered HTTP %d: %s"
        .formatted(
            provider.name(),
            status,
            AdviceAnswer.clean(
                key == null || key.isEmpty() ? said : said.replace(key.value(), "***")));
  }

  private static String why(@Nullable Throwable failure, Resolved whom) {
    if (failure instanceof ConnectException) {
      return "cannot connect to %s".formatted(whom.baseUrl());
    }
    String said = failure instanceof IOException ? failure.getMessage() : null;
    return said == null ? "the call failed: " + failure : "the call failed: " + said;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
