import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Chat requests at a fixed rate, whatever the answers do (an open loop): each request's time counts
 * from when it was due, so a server that stalls is charged for all who wait. What is not sent when
 * twice the time has passed is counted as such, and what gets no answer as an error, both with the
 * time that they waited. Answers other than 200 are errors whose times do not count.
 */
final class FixedRate {

  private static final int CONNECTIONS = 32;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Target target;
  private final Percentiles times = new Percentiles();
  private final LongAdder answered = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder unsent = new LongAdder();

  private FixedRate(Target target) {
    this.target = target;
  }

  /** Sends the requests; {@code from} numbers the first, so that no two of a run are the same. */
  static String measure(Target target, int rate, int seconds, long from)
      throws InterruptedException {
    FixedRate load = new FixedRate(target);
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int first = i;
      threads.add(
          Thread.ofPlatform().start(() -> load.drive(first, rate * seconds, start, gap, from)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return """
    {"requests":%d,"errors":%d,"unsent":%d,"p50":%.3f,"p99":%.3f}\
    """
        .formatted(
            load.answered.sum(),
            load.errors.sum(),
            load.unsent.sum(),
            load.times.millis(0.5),
            load.times.millis(0.99));
  }

  /** Sends every request whose number is {@code first} plus a multiple of the connections. */
  private void drive(int first, int requests, long start, long gap, long from) {
    long end = start + 2 * requests * gap;
    Connection connection = null;
    for (int n = first; n < requests; n += CONNECTIONS) {
      long due = start + n * gap;
      awaitTime(due);
      if (System.nanoTime() > end) {
        unsent.increment();
        times.add(System.nanoTime() - due);
        continue;
      }
      try {
        if (connection == null) {
          connection = new Connection(target.url(), TIMEOUT_MILLIS);
        }
        byte[] request =
            target.request("", "What does the quick brown fox do on day " + (from + n) + "?");
        if (connection.ask(request) == 200) {
          answered.increment();
          times.add(System.nanoTime() - due);
        } else {
          errors.increment();
        }
      } catch (IOException e) {
        errors.increment();
        times.add(System.nanoTime() - due);
        connection = close(connection);
      }
    }
    close(connection);
  }

  private static Connection close(Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // it is gone all the same
      }
    }
    return null;
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
