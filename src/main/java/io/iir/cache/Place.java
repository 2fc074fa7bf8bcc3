package io.iir.cache;

import io.iir.openai.ApiException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where the answer to one request is to be kept, and who waits for it. Of its endings only the
 * first counts. Thread-safe.
 */
public final class Place {

  private static final byte[] NOBODY = {};

  private final String key;
  private final Generation generation;
  private final @Nullable Flight flight;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean keeping;

  /** A place for the answer of a request that leads {@code flight}, if any. */
  Place(String key, Generation generation, @Nullable Flight flight) {
    this.key = key;
    this.generation = generation;
    this.flight = flight;
  }

  String key() {
    return key;
  }

  Generation generation() {
    return generation;
  }

  /** Whose lease ends when the answer is kept; empty: there is none. */
  byte[] owner() {
    return flight == null ? NOBODY : flight.owner();
  }

  /** Whether other requests may wait for this one. */
  public boolean isAwaited() {
    return flight != null;
  }

  /** The answer is complete, and about to be kept: the request's end no longer matters. */
  public void keeping() {
    keeping = true;
  }

  /** Whether the request's end means nothing to those who wait. */
  public boolean isSettled() {
    return keeping || over.get();
  }

  /** The answer is there: those who wait have it. */
  void land(CachedAnswer answer) {
    if (flight != null && over.compareAndSet(false, true)) {
      flight.land(answer);
    }
  }

  /** The provider has failed: those who wait are told the same. */
  public void fail(ApiException refusal) {
    if (flight != null && over.compareAndSet(false, true)) {
      flight.fail(refusal);
    }
  }

  /** The answer will not be kept: each of those who wait goes on by itself. */
  public void letGo() {
    if (flight != null && over.compareAndSet(false, true)) {
      flight.letGo();
    }
  }

  /** The request has ended without an answer for a reason of its own: the next one takes over. */
  public void handOver() {
    if (flight != null && over.compareAndSet(false, true)) {
      flight.handOver();
    }
  }
}
