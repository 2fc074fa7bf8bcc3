package io.iir.feedback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiPredicate;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Sees clients try again on a stronger model: the same key asks the same conversation of a stronger
 * model, by its name or for quality, after a weaker one's answer had ended well and within a time.
 * Then the weaker one's answer counts 0, unless its client said what it was worth. An answer counts
 * so once. The newest conversations are remembered in this process; events are written by a virtual
 * thread, and dropped where more wait than it can write. Thread-safe, never blocks.
 */
public final class Retries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final int REMEMBERED = 10_000;
  private static final int WAITING = 1_000;
  private static final int BATCH = 100;

  private final long withinMillis;
  private final ObjLongConsumer<List<Served>> failed;
  private final BlockingQueue<Served> waiting = new ArrayBlockingQueue<>(WAITING);
  private final Thread thread = Thread.ofVirtual().name("client-retries").unstarted(this::write);
  private final Object guard = new Object();

  /** Read and written under the guard. */
  private final Map<Conversation, Answer> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Conversation, Answer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Retries {@code within} this time; zero sees none.
   *
   * @param failed keeps answers that were not good enough, and when that was seen; may block
   */
  public Retries(Duration within, ObjLongConsumer<List<Served>> failed) {
    this.withinMillis = within.toMillis();
    this.failed = failed;
  }

  void start() {
    if (sees()) {
      thread.start();
    }
  }

  /** Whether retries count at all. */
  public boolean sees() {
    return withinMillis > 0;
  }

  /**
   * A request was answered.
   *
   * @param stronger whether its first model is stronger than its second
   */
  public void answered(
      Conversation conversation, Answer answer, BiPredicate<String, String> stronger) {
    Answer before;
    synchronized (guard) {
      before = seen.put(conversation, answer);
    }
    String model = answer.served().model();
    if (before != null
        && before.whole()
        && answer.wanted()
        && !before.served().model().equals(model)
        && answer.beganMillis() >= before.endedMillis()
        && answer.beganMillis() - before.endedMillis() <= withinMillis
        && stronger.test(model, before.served().model())
        && !waiting.offer(before.served())) {
      LOG.debug("a retry on a stronger model is not counted: the database is too slow");
    }
  }

  private void write() {
    List<Served> batch = new ArrayList<>(BATCH);
    try {
      while (true) {
        batch.add(waiting.take());
        waiting.drainTo(batch, BATCH - 1);
        try {
          failed.accept(List.copyOf(batch), System.currentTimeMillis());
        } catch (DataAccessException e) {
          LOG.warn(
              "{} retries on stronger models are not counted: {}", batch.size(), e.getMessage());
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
