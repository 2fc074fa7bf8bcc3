package io.iir.idempotency;

import io.iir.backend.CopyRoom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** The first request of a key, being answered by this gateway. Thread-safe. */
public final class Run {

  private final RunId id;
  private final String fingerprint;
  private final BiConsumer<Run, Ending> onEnd;
  private final CopyRoom room;
  private final CompletableFuture<Look> look = new CompletableFuture<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final CompletableFuture<Boolean> saved = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private long taken;

  Run(RunId id, String fingerprint, CopyRoom room, BiConsumer<Run, Ending> onEnd) {
    this.id = id;
    this.fingerprint = fingerprint;
    this.room = room;
    this.onEnd = onEnd;
  }

  RunId id() {
    return id;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** What the database said of it at first. */
  CompletableFuture<Look> look() {
    return look;
  }

  /** What becomes of it. */
  CompletableFuture<Ending> ending() {
    return ending;
  }

  /** Done when the database knows, or when it is given up that it will. */
  CompletableFuture<Boolean> saved() {
    return saved;
  }

  /**
   * Takes {@code bytes} more of the memory that all answers under way share, until the answer is
   * saved; false: there are no more, or it is too late.
   */
  public synchronized boolean take(long bytes) {
    if (saved.isDone() || !room.take(bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives back all that was taken. */
  public synchronized void give() {
    room.give(taken);
    taken = 0;
  }

  /** Whether it has ended. */
  boolean isOver() {
    return over.get();
  }

  /** It has ended so. Only the first call counts. Never blocks. */
  public void end(Ending how) {
    if (over.compareAndSet(false, true)) {
      onEnd.accept(this, how);
    }
  }
}
