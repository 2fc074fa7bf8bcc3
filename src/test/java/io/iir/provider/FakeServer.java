package io.iir.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on loopback that answers {@code GET /v1/models} as a test wants, and counts. */
final class FakeServer implements AutoCloseable {

  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Answer answer;

  FakeServer(Answer answer) {
    this(0, answer);
  }

  FakeServer(int port, Answer answer) {
    this.answer = answer;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/v1/models",
        exchange -> {
          calls.incrementAndGet();
          this.answer.to(exchange);
        });
    server.setExecutor(threads);
    server.start();
  }

  /** A list of models with these ids. */
  static Answer models(String... ids) {
    return body(
        200,
        "{\"object\":\"list\",\"data\":[%s]}"
            .formatted(
                String.join(",", Arrays.stream(ids).map("{\"id\":\"%s\"}"::formatted).toList())));
  }

  static Answer body(int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return exchange -> {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  /** Never answers; the connection stays open. */
  static Answer nothing() {
    return exchange -> {};
  }

  /** Begins to answer, and stays at that. */
  static Answer half() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
    };
  }

  void answer(Answer next) {
    answer = next;
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
