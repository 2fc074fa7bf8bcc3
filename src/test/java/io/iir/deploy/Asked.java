package io.iir.deploy;

import io.iir.testing.Certificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Requests of the administrator to a gateway that runs by itself. */
final class Asked {

  static final String KEY = "sk-test-admin-0123456789";

  private Asked() {}

  /** Sends a chat to the simulator at {@code port}. */
  static HttpResponse<String> chat(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          chat(URI.create("http://127.0.0.1:" + port), "sim/echo"),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Sends a chat to {@code model} by TLS. */
  static HttpResponse<String> chatByTls(int port, Certificate certificate, String model)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(certificate.trust()).build()) {
      return client.send(
          chat(URI.create("https://localhost:" + port), model),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Gets {@code url}. */
  static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(to(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static HttpRequest chat(URI gateway, String model) {
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "Hello"}]}
        """
            .formatted(model);
    return to(gateway.resolve("/v1/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest.Builder to(URI url) {
    return HttpRequest.newBuilder(url)
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", "application/json");
  }
}
