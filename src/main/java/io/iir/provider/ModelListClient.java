package io.iir.provider;

import io.iir.config.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers for their models: no redirects, no proxy, at most 16 MB, a time limit on the whole.
 * Blocks; meant for virtual threads. Thread-safe.
 */
public final class ModelListClient implements AutoCloseable {

  private static final long MAX_BYTES = 16L << 20;

  private final HttpClient http;

  /** A client that checks servers by {@code tls}. */
  public ModelListClient(SSLContext tls) {
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
    /** A list of models. */
    record Models(List<ListedModel> models) implements Answer {}

    /** Something else, or a refusal. */
    record Failed(String reason) implements Answer {}

    /** Nothing, in time. */
    record Silent(String reason) implements Answer {}
  }

  /** Asks {@code provider}, with its key, for at most {@code limit}. */
  Answer ask(Provider provider, Duration limit) throws InterruptedException {
    Vendor vendor = provider.vendor();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(provider.baseUrl() + vendor.listPath()));
    Secret key = provider.apiKey();
    if (key != null) {
      request.header("Authorization", "Bearer " + key.value());
      vendor
          .listHeaders()
          .forEach((name, value) -> request.header(name, value.replace("{key}", key.value())));
    }
    return ask(request.build(), vendor.idPrefix(), limit);
  }

  /** Asks the server at {@code baseUrl}, without a key, for at most {@code limit}. */
  Answer ask(URI baseUrl, Duration limit) throws InterruptedException {
    return ask(HttpRequest.newBuilder(URI.create(baseUrl + "/models")).build(), "", limit);
  }

  private Answer ask(HttpRequest request, String idPrefix, Duration limit)
      throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      HttpResponse<byte[]> response = exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return response.statusCode() == 200
          ? new Answer.Models(ModelListParser.parse(response.body(), idPrefix))
          : new Answer.Failed("HTTP " + response.statusCode());
    } catch (TimeoutException e) {
      return new Answer.Silent("no answer within %d ms".formatted(limit.toMillis()));
    } catch (ExecutionException e) {
      return new Answer.Failed(reason(e.getCause()));
    } catch (IOException e) {
      return new Answer.Failed(String.valueOf(e.getMessage()));
    } finally {
      exchange.cancel(true);
    }
  }

  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof ConnectException) {
      return failure.getCause() instanceof UnresolvedAddressException
          ? "the host's name is not known"
          : "cannot connect";
    }
    return failure == null || failure.getMessage() == null
        ? String.valueOf(failure)
        : failure.getMessage();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
