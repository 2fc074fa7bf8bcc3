package io.iir.provider;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model, from {@link ModelTraffic#begin} to its end. The first end counts, further
 * ones do nothing. Thread-safe.
 */
public final class ModelCall {

  private final Load load;
  private final @Nullable AtomicInteger group;
  private final long startNanos;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean waits;

  ModelCall(Load load, @Nullable AtomicInteger group) {
    this.load = load;
    this.group = group;
    this.startNanos = load.now();
    load.begin();
  }

  /** The call waits for the model to be started: how long it takes says nothing of the model. */
  public void waits() {
    waits = true;
  }

  /** A whole answer of that many tokens is there. */
  public void answered(long tokens) {
    if (end()) {
      load.succeeded();
      if (waits) {
        return;
      }
      load.measured(Speed.Sample.ofWhole(load.now() - startNanos, tokens));
    }
  }

  /**
   * A stream of that many tokens has ended well.
   *
   * @param firstTokenNanos when its first token came, in {@link System#nanoTime} terms
   * @param lastTokenNanos when it was complete; 0: it was left before
   */
  public void streamed(long firstTokenNanos, long lastTokenNanos, long tokens) {
    if (end()) {
      load.succeeded();
      if (waits) {
        return;
      }
      load.measured(
          Speed.Sample.ofStream(
              firstTokenNanos - startNanos,
              lastTokenNanos == 0 ? 0 : lastTokenNanos - startNanos,
              tokens));
    }
  }

  /** The model has done what it should; how fast it was cannot be told. */
  public void succeeded() {
    if (end()) {
      load.succeeded();
    }
  }

  /** The model could not be reached, took too long, or failed: three in a row, and it is down. */
  public void failed() {
    if (end() && !waits) {
      load.failed();
    }
  }

  /** The call is over and says nothing of the model. */
  public void dropped() {
    end();
  }

  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    load.end();
    if (group != null) {
      group.decrementAndGet();
    }
    return true;
  }
}
