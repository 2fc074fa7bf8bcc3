import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections that stay open after one request each. */
final class IdleConnections implements AutoCloseable {

  private static final int AT_ONCE = 32;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Queue<Connection> open = new ConcurrentLinkedQueue<>();

  /** Opens up to so many within the given time; returns how many of them were answered with 200. */
  int open(Target target, int connections, int seconds) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(connections);
    AtomicInteger answered = new AtomicInteger();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < AT_ONCE; i++) {
        clients.submit(() -> {
          for (int n = left.decrementAndGet();
              n >= 0 && System.nanoTime() < end;
              n = left.decrementAndGet()) {
            Connection connection = new Connection(target.url(), TIMEOUT_MILLIS);
            open.add(connection);
            if (connection.ask(target.request("", "Who is number " + n + "?")) == 200) {
              answered.incrementAndGet();
            }
          }
          return null;
        });
      }
    }
    return answered.get();
  }

  @Override
  public void close() throws IOException {
    for (Connection connection = open.poll(); connection != null; connection = open.poll()) {
      connection.close();
    }
  }
}
