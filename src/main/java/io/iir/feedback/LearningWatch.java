package io.iir.feedback;

import io.iir.store.Outage;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every ten seconds, on a virtual thread, whether another gateway has a newer calibration,
 * and whether it is time for the next one. While the database is away, what was known goes on.
 */
final class LearningWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LearningWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** What is done again and again. A failure is told once, until it has gone well again. */
  static final class Action {

    private final Runnable what;
    private boolean failed;

    Action(Runnable what) {
      this.what = what;
    }

    void take() {
      try {
        what.run();
        failed = false;
      } catch (RuntimeException e) {
        if (!failed && !Thread.currentThread().isInterrupted()) {
          failed = true;
          LOG.warn(
              "the calibration of models cannot be read or written: {}; the last one stays in use",
              e.getMessage(),
              Outage.shows(e) ? null : e); // with its stack where nobody expects it
        }
      }
    }
  }

  private final Action follow;
  private final Action refit;
  private final Thread thread;

  LearningWatch(Learning learning) {
    follow = new Action(learning::follow);
    refit = new Action(learning::refitInTurn);
    thread = Thread.ofVirtual().name("calibration").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      follow.take();
      while (true) {
        Thread.sleep(PAUSE);
        follow.take();
        refit.take();
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
