package io.iir.flow.engine;

import io.iir.transport.EventLoops;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a server stops without breaking an answer. First it is not ready any more, but takes requests
 * for a while yet, so that load balancers see it before a client does. Then it refuses requests and
 * lets the answers under way end. What has not ended in time is ended by a word to its client.
 * Thread-safe.
 */
final class Shutdown {

  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** Within which clients take the word that their answers have ended. */
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

  private final Duration delay;
  private final Duration grace;
  private final IdentityHashMap<EventLoop, OpenCalls> calls = new IdentityHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean begun;
  private volatile boolean refusing;

  /** The end of a server on {@code loops}, which {@code settings} give time. */
  Shutdown(EventLoops loops, EngineSettings settings) {
    this.delay = settings.stopDelay();
    this.grace = settings.stopGrace();
    loops.all().forEach(loop -> calls.put(loop.loop(), new OpenCalls()));
  }

  /** The calls of {@code loop} that have not ended. */
  OpenCalls calls(EventLoop loop) {
    return Objects.requireNonNull(calls.get(loop), "not one of these loops");
  }

  /** From here to {@link #ended} the answer is waited for. */
  void began() {
    inFlight.incrementAndGet();
  }

  /** The answer is out, or will never be. */
  void ended() {
    inFlight.decrementAndGet();
  }

  /** How many answers are under way. */
  int inFlight() {
    return inFlight.get();
  }

  /** Whether it has begun: requests should go to another gateway. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether no new requests are taken: connections end with the answers on them. */
  boolean refuses() {
    return refusing;
  }

  /** Returns when all answers have ended, after the delay, the grace and a few seconds at most. */
  void await() {
    begun = true;
    if (isAnswering()) {
      LOG.info("stopping: {} answers are under way", inFlight());
    }
    pause(delay, () -> true);
    refusing = true;
    pause(grace, this::isAnswering);
    if (isAnswering()) {
      if (!grace.isZero()) {
        LOG.warn(
            "{} answers had not ended within iir.shutdown.grace ({}): their clients are told",
            inFlight(),
            grace);
      }
      calls.forEach((loop, open) -> loop.execute(open::stop));
      pause(TOLD_WITHIN, this::isAnswering);
    }
    if (isAnswering()) {
      LOG.warn("{} answers were cut off: their clients took nothing", inFlight());
    }
  }

  private boolean isAnswering() {
    return inFlight() > 0;
  }

  private static void pause(Duration longest, BooleanSupplier needed) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (System.nanoTime() - deadline < 0 && needed.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
