import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends chat requests at a fixed rate, whatever the answers do (an open loop), and prints how long
 * they took, from the time at which each was due: a server that stalls is charged for all who wait.
 *
 * <p>Arguments: RATE SECONDS KEY ROUNDS NAME=URL… ; the URLs take turns, in alternating order.
 */
final class FixedRate {

  private static final int CONNECTIONS = 16;
  private static final int WARM_UP_SECONDS = 5;
  private static final String BODY =
      """
      {"model":"bench/m","messages":[{"role":"user","content":"What does the quick brown fox do?"}]}\
      """;

  private FixedRate() {}

  /** A server that is measured, with the times of each round. */
  private record Server(String name, URI url, List<Percentiles> rounds) {

    /** The percentile of the median round: neighbours on the machine disturb some. */
    double median(double share) {
      double[] each = rounds.stream().mapToDouble(round -> round.millis(share)).sorted().toArray();
      return each[each.length / 2];
    }

    /** The percentile of the calmest round. */
    double best(double share) {
      return rounds.stream().mapToDouble(round -> round.millis(share)).min().orElse(Double.NaN);
    }
  }

  public static void main(String[] args) throws Exception {
    int rate = Integer.parseInt(args[0]);
    int seconds = Integer.parseInt(args[1]);
    String key = args[2];
    int rounds = Integer.parseInt(args[3]);
    List<Server> servers = new ArrayList<>();
    for (int i = 4; i < args.length; i++) {
      String[] parts = args[i].split("=", 2);
      servers.add(new Server(parts[0], URI.create(parts[1]), new ArrayList<>()));
    }
    for (Server server : servers) {
      drive(server, rate, WARM_UP_SECONDS, key);
    }
    for (int round = 0; round < rounds; round++) {
      for (Server server : round % 2 == 0 ? servers : servers.reversed()) {
        server.rounds().add(drive(server, rate, seconds, key));
      }
    }
    System.out.println("| | p50 ms | p99 ms | added p50 | added p99 | calmest round: p99 | added |");
    System.out.println("|---|---|---|---|---|---|---|");
    Server base = servers.getFirst();
    for (Server server : servers) {
      System.out.printf(
          "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
          server.name(),
          server.median(0.5),
          server.median(0.99),
          server.median(0.5) - base.median(0.5),
          server.median(0.99) - base.median(0.99),
          server.best(0.99),
          server.best(0.99) - base.best(0.99));
    }
  }

  private static Percentiles drive(Server server, int rate, int seconds, String key)
      throws Exception {
    Percentiles times = new Percentiles();
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    int requests = rate * seconds;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int first = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Socket socket = connect(server.url())) {
                      InputStream in = new BufferedInputStream(socket.getInputStream());
                      byte[] request = request(key);
                      for (int n = first; n < requests; n += CONNECTIONS) {
                        long due = start + n * gap;
                        awaitTime(due);
                        socket.getOutputStream().write(request);
                        readAnswer(in);
                        times.add(System.nanoTime() - due);
                      }
                    } catch (IOException e) {
                      System.err.println(server.name() + ": " + e);
                      System.exit(1);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return times;
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Socket connect(URI url) throws IOException {
    Socket socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort());
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return socket;
  }

  private static byte[] request(String key) {
    return """
        POST /v1/chat/completions HTTP/1.1\r
        Host: 127.0.0.1\r
        Content-Type: application/json\r
        Cache-Control: no-store\r
        Authorization: Bearer %s\r
        Content-Length: %d\r
        \r
        %s"""
        .formatted(key, BODY.length(), BODY)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void readAnswer(InputStream in) throws IOException {
    String status = readLine(in);
    if (!status.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("answered " + status);
    }
    int length = 0;
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).trim());
      }
    }
    in.skipNBytes(length);
  }

  private static String readLine(InputStream in) throws IOException {
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
}
