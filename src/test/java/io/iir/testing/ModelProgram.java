package io.iir.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * A model server as a program of its own, which misbehaves as its arguments say: {@code --port N},
 * {@code --starts FILE} (a line for each start), {@code --gate FILE} (ready when that is there),
 * {@code --elsewhere} (listens on another port), {@code --print TEXT}, {@code --exit CODE}, {@code
 * --hang FILE} (answers no chat, and makes the file when it is asked).
 */
public final class ModelProgram {

  private ModelProgram() {}

  /** The command that runs it with {@code arguments}, as settings of the model {@code index}. */
  public static String[] settings(int index, String id, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-cp"));
    command.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    command.add(ModelProgram.class.getName());
    command.addAll(List.of("--port", "{port}"));
    command.addAll(Arrays.asList(arguments));
    String prefix = "iir.local.models[%d].".formatted(index);
    List<String> settings = new ArrayList<>();
    settings.add(prefix + "id=" + id);
    for (int i = 0; i < command.size(); i++) {
      settings.add(prefix + "command[%d]=%s".formatted(i, command.get(i)));
    }
    return settings.toArray(String[]::new);
  }

  /** Runs until it is ended. */
  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    if (all.contains("--print")) {
      System.out.println(value(all, "--print"));
    }
    if (all.contains("--starts")) {
      Files.writeString(
          Path.of(value(all, "--starts")),
          ProcessHandle.current().pid() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    if (all.contains("--exit")) {
      System.exit(Integer.parseInt(value(all, "--exit")));
    }
    int port = all.contains("--elsewhere") ? 0 : Integer.parseInt(value(all, "--port"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/health",
        exchange -> {
          boolean ready = !all.contains("--gate") || Files.exists(Path.of(value(all, "--gate")));
          answer(exchange, ready ? 200 : 503, "{}");
        });
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (all.contains("--hang")) {
            Files.createFile(Path.of(value(all, "--hang")));
            hang();
          }
          chat(exchange, request.contains("\"stream\":true"));
        });
    server.start();
  }

  private static void hang() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void chat(HttpExchange exchange, boolean stream) throws IOException {
    if (!stream) {
      answer(
          exchange,
          200,
          """
          {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
          "message":{"role":"assistant","content":"started"},"finish_reason":"stop"}],\
          "usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\
          """);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      out.write(
          """
          data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":\
          [{"index":0,"delta":{"role":"assistant","content":"started"},"finish_reason":"stop"}]}

          data: [DONE]

          """
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static String value(List<String> arguments, String name) {
    return arguments.get(arguments.indexOf(name) + 1);
  }
}
