package io.iir.idempotency;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** The first request of a key, being answered by this gateway. Thread-safe. */
public final class Run {

  private final RunId id;
  private final String fingerprint;
  private final BiConsumer<Run, Ending> onEnd;
  private final CompletableFuture<Look> look = new CompletableFuture<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final CompletableFuture<Boolean> saved = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();

  Run(RunId id, String fingerprint, BiConsumer<Run, Ending> onEnd) {
    this.id = id;
    this.fingerprint = fingerprint;
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

  /** It has ended so. Only the first call counts. Never blocks. */
  public void end(Ending how) {
    if (over.compareAndSet(false, true)) {
      onEnd.accept(this, how);
    }
  }
}
