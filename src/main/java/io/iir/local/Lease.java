package io.iir.local;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request's hold on a model: until it is given back, the model is not stopped. Thread-safe. */
public final class Lease {

  private final LocalModel model;
  private final LocalModels owner;
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final AtomicBoolean released = new AtomicBoolean();

  Lease(LocalModel model, LocalModels owner) {
    this.model = model;
    this.owner = owner;
  }

  /**
   * Where the model's server is, once it is ready: the URL that paths are put behind. Fails with
   * {@link NotReadyException}; may be completed on any thread.
   */
  public CompletableFuture<URI> ready() {
    return ready;
  }

  /** Gives the model back; the first time counts. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      owner.released(this, model);
    }
  }
}
