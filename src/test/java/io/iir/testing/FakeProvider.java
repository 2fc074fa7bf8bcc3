package io.iir.testing;

import com.sun.net.httpserver.Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a real socket that does what a test tells it: answers, streams, waits, resets. A
 * virtual thread serves each connection; what was asked can be looked at afterwards. Close it.
 */
public final class FakeProvider implements AutoCloseable {

  /** What a provider does with one request. */
  public interface Behaviour {
    /** Answers {@code call}; what it throws closes the connection. */
    void answer(Call call) throws Exception;
  }

  private final ServerSocket server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;

  /** A provider on a free port of this machine. */
  public FakeProvider(Behaviour behaviour) {
    this.behaviour = behaviour;
    try {
      server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-provider").start(this::accept);
  }

  /** From now on requests are answered so. */
  public void behave(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  /** What to configure as the provider's base URL. */
  public String baseUrl() {
    return "http://127.0.0.1:%d/v1".formatted(server.getLocalPort());
  }

  /** The requests so far. */
  public List<Call> calls() {
    return calls;
  }

  /** The only request so far. */
  public Call call() {
    if (calls.size() != 1) {
      throw new AssertionError("expected one call, there were " + calls.size());
    }
    return calls.getFirst();
  }

  /** How many connections were made. */
  public int connections() {
    return connections.size();
  }

  /** Closes all connections, as a provider does that restarts. */
  public void hangUp() {
    for (Socket connection : connections) {
      try {
        connection.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (Call call = Call.read(connection, in); call != null; call = Call.read(connection, in)) {
        calls.add(call);
        behaviour.answer(call);
      }
    } catch (Exception e) {
      // the behaviour or the gateway closed the connection
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    hangUp();
  }

  /** One request, and the means to answer it. */
  public static final class Call {

    private final Socket connection;
    private final String target;
    private final Headers headers;
    private final byte[] body;
    private final CompletableFuture<Long> left = new CompletableFuture<>();

    private Call(Socket connection, String target, Headers headers, byte[] body) {
      this.connection = connection;
      this.target = target;
      this.headers = headers;
      this.body = body;
    }

    static @Nullable Call read(Socket connection, InputStream in) throws IOException {
      String line = readLine(in);
      if (line == null) {
        return null;
      }
      String[] parts = line.split(" ", 3);
      Headers headers = new Headers();
      for (String header = readLine(in);
          header != null && !header.isEmpty();
          header = readLine(in)) {
        int colon = header.indexOf(':');
        headers.add(header.substring(0, colon).trim(), header.substring(colon + 1).trim());
      }
      String length = headers.getFirst("Content-Length");
      byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
      return new Call(connection, parts[1], headers, body);
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int next = in.read();
      while (next >= 0 && next != '\n') {
        if (next != '\r') {
          line.write(next);
        }
        next = in.read();
      }
      return next < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    /** The path that was asked for. */
    public String target() {
      return target;
    }

    /** The request's headers. */
    public Headers headers() {
      return headers;
    }

    /** The request's body. */
    public String body() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The request's body as it came. */
    public byte[] bytes() {
      return body.clone();
    }

    /** Answers with a whole JSON body. */
    public void json(int status, String json, String... headerLines) throws IOException {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      head(status, "application/json", "Content-Length: " + bytes.length, headerLines);
      write(bytes);
    }

    /** Begins a stream. */
    public void beginStream() throws IOException {
      head(200, "text/event-stream", "Transfer-Encoding: chunked");
    }

    /** Sends an event of a stream: {@code data: <data>}. */
    public void event(String data) throws IOException {
      chunk("data: " + data + "\n\n");
    }

    /** Sends bytes as one HTTP chunk. */
    public void chunk(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      chunk(bytes, 0, bytes.length);
    }

    /** Sends {@code length} bytes from {@code offset} as one HTTP chunk. */
    public void chunk(byte[] bytes, int offset, int length) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, offset, length);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      write(out.toByteArray());
    }

    /** Sends a content chunk of a chat stream. */
    public void token(String text) throws IOException {
      event(Chunks.token(text));
    }

    /** Ends a chat stream well: finish reason, usage, {@code [DONE]}. */
    public void endStream(int promptTokens, int completionTokens) throws IOException {
      event(Chunks.FINISH);
      event(Chunks.usage(promptTokens, completionTokens));
      event("[DONE]");
      endChunks();
    }

    /** Ends the HTTP body, whatever the stream in it has come to. */
    public void endChunks() throws IOException {
      write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers a chat request with a whole completion. */
    public void completion(String text, int promptTokens, int completionTokens) throws IOException {
      json(
          200,
          """
          {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
          "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
          "usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}\
          """
              .formatted(text, promptTokens, completionTokens, promptTokens + completionTokens));
    }

    /** Writes a status line and headers. */
    public void head(int status, String type, String first, String... more) throws IOException {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
      head.append("Content-Type: ").append(type).append("\r\n").append(first).append("\r\n");
      for (String line : more) {
        head.append(line).append("\r\n");
      }
      write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes as they are. */
    public void write(byte[] bytes) throws IOException {
      OutputStream out = connection.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** Breaks the connection with a TCP reset. */
    public void reset() throws IOException {
      connection.setOption(StandardSocketOptions.SO_LINGER, 0);
      connection.close();
    }

    /** Ends the connection as a server that is done does. */
    public void close() throws IOException {
      connection.close();
    }

    /** Waits until the gateway closes the connection, and notes when it did. */
    public void awaitLeaving() {
      try {
        while (connection.getInputStream().read() >= 0) {
          // whatever it still sends
        }
      } catch (SocketException e) {
        // a reset is a way of leaving, too
      } catch (IOException e) {
        left.completeExceptionally(e);
      }
      left.complete(System.nanoTime());
    }

    /** When the gateway left, in {@link System#nanoTime} terms; done once awaited. */
    public CompletableFuture<Long> left() {
      return left;
    }
  }
}
