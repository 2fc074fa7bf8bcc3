package io.iir.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on a real socket that takes all hosts for one port of this machine: it makes
 * tunnels (CONNECT), passes other requests on as they are, and notes the head of each. Close it.
 */
public final class FakeProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final String wanted;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  /**
   * One that leads to {@code target}.
   *
   * @param wanted a line that each request must have; empty: none
   */
  public FakeProxy(int target, String wanted) {
    this.target = target;
    this.wanted = wanted;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-proxy").start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** The heads of the requests so far. */
  public List<String> heads() {
    return heads;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // closed by the test
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket provider = new Socket(InetAddress.getLoopbackAddress(), target)) {
      String head = head(client.getInputStream());
      heads.add(head);
      OutputStream answer = client.getOutputStream();
      if (!head.contains(wanted)) {
        answer.write(
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        answer.flush();
        return;
      }
      if (head.startsWith("CONNECT ")) {
        answer.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        answer.flush();
      } else {
        provider.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        provider.getOutputStream().flush();
      }
      Thread back = Thread.ofVirtual().start(() -> copy(provider, client));
      copy(client, provider);
      back.join();
    } catch (IOException e) {
      // one side has left
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int next;
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")
        && (next = in.read()) >= 0) {
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void copy(Socket from, Socket to) {
    try {
      byte[] piece = new byte[4096];
      int length;
      while ((length = from.getInputStream().read(piece)) >= 0) {
        to.getOutputStream().write(piece, 0, length);
        to.getOutputStream().flush();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // one side has left
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
