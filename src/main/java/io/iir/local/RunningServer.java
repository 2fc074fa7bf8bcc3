package io.iir.local;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A model's server that was ready. Thread-safe. */
interface RunningServer {

  /** What paths such as {@code /chat/completions} are put behind. */
  URI baseUrl();

  /** Whether it is still there; does not block. */
  boolean isAlive();

  /** How it ended, in words that go behind the model's name, for one that is not there. */
  String obituary();

  /** Is completed when it ends by itself, with how, in words that go behind the model's name. */
  CompletableFuture<String> ended();

  /** Stops it; blocks until it is gone. */
  void stop() throws InterruptedException;

  /** Its process; null: it has none that is known here. */
  @Nullable Long pid();

  /** Keeps what it writes within bounds. */
  default void tidy() {}
}
