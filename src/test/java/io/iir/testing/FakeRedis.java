package io.iir.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** A server that greets its clients as Redis does and then answers what a test likes. Close it. */
public final class FakeRedis implements AutoCloseable {

  private final ServerSocket socket;
  private volatile UnaryOperator<String> answers;

  /**
   * A server that answers each command by its name, in capitals, in the bytes of Redis's protocol.
   */
  public FakeRedis(UnaryOperator<String> answers) {
    this.answers = answers;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** From now on it answers so. */
  public void answer(UnaryOperator<String> other) {
    answers = other;
  }

  /** The setting {@code iir.redis-url}'s value. */
  public String url() {
    return "redis://127.0.0.1:" + socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = client.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String name = "";
        for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
          int length = Integer.parseInt(in.readLine().substring(1));
          String word = read(in, length);
          name = name.isEmpty() ? word : name;
        }
        out.write(answerTo(name).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  /** A word, whose bytes may be line breaks. */
  private static String read(BufferedReader in, int length) throws IOException {
    char[] word = new char[length + 2];
    for (int got = 0; got < word.length; ) {
      int more = in.read(word, got, word.length - got);
      if (more < 0) {
        throw new IOException("it ended within a word");
      }
      got += more;
    }
    return new String(word, 0, length);
  }

  private String answerTo(String command) {
    return switch (command) {
      case "HELLO" -> "-ERR unknown command\r\n";
      case "CLIENT" -> "+OK\r\n";
      default -> answers.apply(command);
    };
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
