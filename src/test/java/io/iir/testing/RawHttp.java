package io.iir.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to a server, on which a test writes whatever bytes it likes and reads HTTP
 * answers. A server that neither answers nor closes within 30 s fails the test. Close it.
 */
public final class RawHttp implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  /**
   * An answer.
   *
   * @param status its status
   * @param lines its header lines, each {@code Name: value}
   * @param bytes its body
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, List<String> lines, byte[] bytes) {

    /** The value of the header {@code name}, or null. */
    public @Nullable String header(String name) {
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (line.substring(0, colon).equalsIgnoreCase(name)) {
          return line.substring(colon + 1).trim();
        }
      }
      return null;
    }

    /** The names of all headers, in lower case. */
    public List<String> names() {
      return lines.stream()
          .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
          .toList();
    }

    /** The body as text. */
    public String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket;
  private final InputStream in;

  /** A connection to {@code port} of this machine. */
  public RawHttp(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes {@code text}, a byte for each character. */
  public RawHttp send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Writes {@code bytes}. */
  public RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more will be sent, and goes on reading. */
  public RawHttp finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads the next answer to a request that was not HEAD; interim answers are passed over. */
  public Answer read() throws IOException {
    Answer answer = head();
    while (answer.status() < 200) {
      answer = head();
    }
    return new Answer(answer.status(), answer.lines(), body(answer));
  }

  /** Reads the head of the next answer, interim ones included. */
  public Answer head() throws IOException {
    String status = line();
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    if (!status.matches("HTTP/1\\.[01] [1-5]\\d\\d .*")) {
      throw new IOException("not a status line: " + status);
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), lines, new byte[0]);
  }

  /** Returns when the server has closed in an orderly way, having sent nothing more. */
  public void awaitEnd() throws IOException {
    int next = in.read();
    if (next >= 0) {
      throw new IOException("more came: " + (char) next + line());
    }
  }

  private byte[] body(Answer head) throws IOException {
    if (head.status() == 204 || head.status() == 304) { // which have none
      return new byte[0];
    }
    String length = head.header("content-length");
    if (length != null) {
      return exactly(Integer.parseInt(length));
    }
    if (!"chunked".equals(head.header("transfer-encoding"))) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(exactly(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the body ends after %d of %d bytes".formatted(bytes.length, count));
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed; it had sent: " + line.toString(ISO_8859_1));
      }
      line.write(next);
    }
    String text = line.toString(ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new IOException("a line without CR: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
