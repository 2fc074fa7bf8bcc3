package io.iir.local;

import org.jspecify.annotations.Nullable;

/** How the server of one model is started. Blocks; for one thread at a time. */
interface ModelServer {

  /**
   * Starts it and waits until it is ready.
   *
   * @throws ModelStartException if it does not start, or is not ready in time
   */
  RunningServer start() throws ModelStartException, InterruptedException;

  /**
   * The one that runs already, left behind by a gateway that was killed or started by others; null:
   * there is none. One that runs but cannot be used is stopped.
   */
  @Nullable RunningServer find() throws InterruptedException;
}
