package io.iir.flow;

import io.iir.cache.CachedAnswer;
import io.iir.cache.Outcome;
import io.iir.cache.Place;
import io.iir.cache.Waiter;
import io.iir.flow.CacheLookup.Wish;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** An exchange that waits in the step {@code cache-lookup}, and goes on once. Thread-safe. */
final class CacheWait implements Waiter {

  /** Nobody reads it: the client has gone. */
  private static final ApiError LEFT =
      ApiError.server(503, "no_target_available", "the client left while it waited");

  private final CacheStep step;
  private final Exchange exchange;
  private final AsyncCallback callback;
  private final Wish wish;
  private final Executor thread;
  private final long deadlineNanos;
  private final AtomicBoolean over = new AtomicBoolean();

  /** The exchange goes on with {@code callback}, by {@code thread}. */
  CacheWait(CacheStep step, Exchange exchange, AsyncCallback callback, Wish wish, Executor thread) {
    this.step = step;
    this.exchange = exchange;
    this.callback = callback;
    this.wish = wish;
    this.thread = thread;
    this.deadlineNanos = System.nanoTime() + step.patienceNanos();
  }

  @Override
  public boolean takes(CachedAnswer answer) {
    return step.takes(answer, wish);
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public void resume(Outcome outcome) {
    if (over.compareAndSet(false, true)) {
      goOn(() -> step.apply(exchange, outcome));
    } else if (outcome instanceof Outcome.Miss(Place place)) {
      place.handOver();
    }
  }

  /** The answer is not there, and nobody has it made for others. */
  void miss() {
    if (over.compareAndSet(false, true)) {
      goOn(() -> step.missed(exchange, wish));
    }
  }

  /** To be called on the link's loop: while the exchange waits, its client may leave. */
  void onLeave(ClientLink link, Runnable leave) {
    if (!over.get()) {
      link.onLeave(leave);
    }
  }

  /** The client has left: the exchange ends. */
  void leave() {
    if (over.compareAndSet(false, true)) {
      goOn(() -> exchange.setException(new ApiException(LEFT)));
    }
  }

  private void goOn(Runnable how) {
    thread.execute(() -> {
      try {
        how.run();
      } catch (Throwable e) { // the exchange must end, whatever is wrong
        exchange.setException(e);
      }
      callback.done(false);
    });
  }
}
