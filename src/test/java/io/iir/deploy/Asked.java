package io.iir.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Requests to a gateway that runs by itself. */
final class Asked {

  static final String KEY = "sk-test-admin-0123456789";

  private Asked() {}

  /** Sends a chat to the simulator at {@code port}. */
  static HttpResponse<String> chat(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
              .header("Authorization", "Bearer " + KEY)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      """
                      {"model": "sim/echo", "messages": [{"role": "user", "content": "Hello"}]}
                      """))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
