import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.Locale;

/** A kept-alive connection on which one request waits for its answer. Not thread-safe. */
final class Connection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  Connection(URI url, int timeoutMillis) throws IOException {
    socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort());
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setSoTimeout(timeoutMillis);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request, reads its answer to the end, and returns the answer's status. */
  int ask(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    try {
      return answer();
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IOException("the answer is not HTTP/1.1", e);
    }
  }

  private int answer() throws IOException {
    String status = readLine();
    int length = 0;
    boolean chunked = false;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).trim());
      } else if (header.startsWith("transfer-encoding:")) {
        chunked = header.endsWith("chunked");
      }
    }
    if (chunked) {
      skipChunks();
    } else {
      in.skipNBytes(length);
    }
    return Integer.parseInt(status.substring(9, 12));
  }

  private void skipChunks() throws IOException {
    for (int size = chunk(); size > 0; size = chunk()) {
      in.skipNBytes(size + 2L);
    }
    readLine();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(readLine().trim(), 16);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
