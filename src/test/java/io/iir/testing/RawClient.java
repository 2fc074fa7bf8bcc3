package io.iir.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client on a bare socket: it reads when it is told to, so a test sees what has arrived, and can
 * stop reading or leave at any point. A read that gets nothing fails after half a minute. Close it.
 */
public final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final String path;
  private final InputStream in;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private int status;
  private boolean chunked;
  private long left;
  private boolean ended;

  private RawClient(int port, int receiveBuffer, String path) throws IOException {
    this.path = path;
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream(), 1 << 10);
  }

  /** Sends a chat request as the administrator, unless {@code headerLines} say otherwise. */
  public static RawClient chat(Gateway gateway, String body, String... headerLines)
      throws IOException {
    return chat(gateway, 0, body, headerLines);
  }

  /** As {@link #chat}, with room for only {@code receiveBuffer} unread bytes on its side. */
  public static RawClient chat(
      Gateway gateway, int receiveBuffer, String body, String... headerLines) throws IOException {
    return post(gateway, "/v1/chat/completions", receiveBuffer, body, headerLines);
  }

  /** As {@link #chat}, to {@code path}. */
  public static RawClient post(
      Gateway gateway, String path, int receiveBuffer, String body, String... headerLines)
      throws IOException {
    RawClient client = new RawClient(gateway.port(), receiveBuffer, path);
    client.send(body, headerLines);
    return client;
  }

  /** As {@link #chat}, to {@code path} of a gateway that listens on {@code port}. */
  public static RawClient post(int port, String path, String body, String... headerLines)
      throws IOException {
    RawClient client = new RawClient(port, 0, path);
    client.send(body, headerLines);
    return client;
  }

  /** Sends another request on the same connection, when the answer before has ended. */
  public void again(String body, String... headerLines) throws IOException {
    status = 0;
    ended = false;
    headers.clear();
    send(body, headerLines);
  }

  private void send(String body, String... headerLines) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    lines.add("POST " + path + " HTTP/1.1");
    lines.add("Host: gateway");
    if (!String.join("\n", headerLines).contains("Content-Type:")) {
      lines.add("Content-Type: application/json");
    }
    lines.add("Content-Length: " + bytes.length);
    if (!String.join("\n", headerLines).contains("Authorization:")) {
      lines.add("Authorization: Bearer " + Gateway.ADMIN_KEY);
    }
    lines.addAll(List.of(headerLines));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    socket.getOutputStream().write(out.toByteArray());
  }

  /** Waits for the answer's head and answers its status. */
  public int status() throws IOException {
    if (status != 0) {
      return status;
    }
    String line = line();
    status = Integer.parseInt(line.split(" ", 3)[1]);
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      String before = headers.put(header.substring(0, colon), header.substring(colon + 1).trim());
      if (before != null) {
        throw new AssertionError("the answer has this header twice: " + header);
      }
    }
    chunked =
        headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).equals("chunked");
    left = chunked ? 0 : Long.parseLong(headers.getOrDefault("Content-Length", "0"));
    return status;
  }

  /** A header of the answer, or null. */
  public @Nullable String header(String name) throws IOException {
    status();
    return headers.get(name);
  }

  /** The next event, its closing blank line included; null at the end of the answer. */
  public @Nullable String event() throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    int lineLength = 0;
    for (int next = read(); next >= 0; next = read()) {
      event.write(next);
      if (next == '\n') {
        if (lineLength == 0) {
          return event.toString(StandardCharsets.UTF_8);
        }
        lineLength = 0;
      } else if (next != '\r') {
        lineLength++;
      }
    }
    return event.size() == 0 ? null : event.toString(StandardCharsets.UTF_8);
  }

  /** Everything to the end of the answer. */
  public String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int next = read(); next >= 0; next = read()) {
      all.write(next);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** The next byte of the answer's body; -1 at its end. */
  public int read() throws IOException {
    status();
    if (ended) {
      return -1;
    }
    if (left == 0 && chunked) {
      left = Long.parseLong(line(), 16);
      if (left == 0) {
        line();
      }
    }
    if (left == 0) {
      ended = true;
      return -1;
    }
    int next = raw();
    if (--left == 0 && chunked) {
      line();
    }
    return next;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = raw(); next != '\n'; next = raw()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private int raw() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the gateway closed the connection in the middle of an answer");
    }
    return next;
  }

  /** Leaves, as a client does whose process ends. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
