package io.iir.protocol.credentials;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A value that is fetched, holds for a while, and is fetched anew ahead of its end: by one virtual
 * thread at a time, while the old one serves. Thread-safe.
 */
final class Renewed<T> {

  /** How long before its end a value is fetched anew. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** How long after a failure the old value serves before the next try. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * A value.
   *
   * @param until when it ends
   */
  record Held<T>(T value, Instant until) {}

  private final Callable<Held<T>> source;
  private final InstantSource clock;
  private volatile @Nullable Held<T> held;
  private Instant next = Instant.MIN;
  private @Nullable CompletableFuture<T> fetching;

  /** One that asks {@code source}, which may block. */
  Renewed(Callable<Held<T>> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** The value, if one holds now; it may be fetched anew meanwhile. */
  @Nullable T now() {
    Held<T> known = held;
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.until())) {
      return null;
    }
    if (!now.isBefore(known.until().minus(AHEAD))) {
      fetchAhead(now);
    }
    return known.value();
  }

  /** The value, once there is one; fails as the source does. */
  CompletableFuture<T> later() {
    return fetch();
  }

  private synchronized void fetchAhead(Instant now) {
    if (fetching == null && !now.isBefore(next)) {
      next = now.plus(PAUSE);
      fetch();
    }
  }

  private synchronized CompletableFuture<T> fetch() {
    CompletableFuture<T> running = fetching;
    if (running == null) {
      CompletableFuture<T> started = new CompletableFuture<>();
      fetching = started;
      Thread.ofVirtual().name("credentials").start(() -> ask(started));
      running = started;
    }
    return running;
  }

  private void ask(CompletableFuture<T> asked) {
    try {
      Held<T> fresh = source.call();
      held = fresh;
      done();
      asked.complete(fresh.value());
    } catch (Exception | LinkageError e) { // who waits must hear of it
      done();
      asked.completeExceptionally(e);
    }
  }

  private synchronized void done() {
    fetching = null;
  }
}
