package io.iir.flow.engine;

import io.iir.transport.Deadlines;
import java.util.concurrent.TimeUnit;

/**
 * The time limits of one client's connection: idle between requests, sending a head, sending a
 * body; none while the gateway works ({@link SendClock} has the one on taking its answer). A body
 * may take a second more for each 16 KiB received, so that a slow line passes and a trickle does
 * not. Confined to the connection's event loop.
 */
final class RequestClock implements Deadlines.Timed {

  /** What the connection is doing. */
  enum Phase {
    IDLE,
    HEAD,
    BODY,
    SERVING,
    /** Refused: only waits for the client to close. */
    LINGERING
  }

  private static final long BYTES_PER_SECOND = 16 << 10;
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final EngineSettings settings;
  private final Runnable onExpiry;
  private Phase phase = Phase.IDLE;
  private long deadline;

  RequestClock(EngineSettings settings, Runnable onExpiry) {
    this.settings = settings;
    this.onExpiry = onExpiry;
    enter(Phase.IDLE);
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
    deadline =
        switch (next) {
          case IDLE -> System.nanoTime() + settings.idleTimeout().toNanos();
          case HEAD -> System.nanoTime() + settings.headTimeout().toNanos();
          case BODY -> System.nanoTime() + settings.bodyTimeout().toNanos();
          case LINGERING -> System.nanoTime() + LINGER_NANOS;
          case SERVING -> Long.MAX_VALUE;
        };
  }

  /** Bytes have come from the client. */
  void received(int count) {
    if (phase == Phase.IDLE) {
      enter(Phase.HEAD);
    } else if (phase == Phase.BODY) {
      deadline += TimeUnit.SECONDS.toNanos(1) * count / BYTES_PER_SECOND;
    }
  }

  @Override
  public long deadlineNanos() {
    return deadline;
  }

  @Override
  public void expire() {
    onExpiry.run();
  }
}
