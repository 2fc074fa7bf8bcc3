package io.iir.feedback;

import io.iir.store.Outage;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Looks every ten seconds, on a virtual thread, whether another gateway has a newer calibration,
 * and whether it is time for the next one. While the database is away, what was known goes on.
 */
final class LearningWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LearningWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Learning learning;
  private final Thread thread;
  private boolean failed;

  LearningWatch(Learning learning) {
    this.learning = learning;
    thread = Thread.ofVirtual().name("calibration").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      look(learning::follow);
      while (true) {
        Thread.sleep(PAUSE);
        look(learning::follow);
        look(learning::refitInTurn);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  private void look(Runnable what) {
    try {
      what.run();
      failed = false;
    } catch (DataAccessException | IllegalStateException e) {
      if (!failed && !Thread.currentThread().isInterrupted()) {
        failed = true;
        LOG.warn(
            "the calibration of models cannot be read or written: {}; the last one stays in use",
            e.getMessage(),
            Outage.shows(e) ? null : e); // with its stack where nobody expects it
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
