package io.iir.flow;

import io.iir.backend.Origin;
import io.iir.config.IirProperties;
import io.iir.config.RetrySettings;
import io.iir.flow.Attempts.Failure;
import io.iir.flow.Attempts.Retry;
import io.iir.flow.relay.RelayCall;
import io.iir.metrics.FlowMeters;
import io.iir.retry.Backoff;
import io.iir.retry.RetryAfter;
import io.iir.retry.RetryBudgets;
import io.iir.transport.ClientLink;
import io.iir.transport.EventLoops;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Has a target asked once more when none is left, as {@code iir.retry} says: after a pause, while
 * the request's time and the provider's budget last. Thread-safe.
 */
@Component
public final class Retries {

  private final RetrySettings settings;
  private final Backoff backoff;
  private final RetryBudgets budgets;
  private final EventLoops loops;
  private final FlowMeters meters;

  /** Retries as {@code properties} say, counted in {@code meters}; pauses pass on {@code loops}. */
  public Retries(IirProperties properties, EventLoops loops, FlowMeters meters) {
    this.settings = properties.retry();
    this.backoff = new Backoff(settings.backoff(), settings.maxPause());
    this.budgets = new RetryBudgets(settings.budget());
    this.loops = loops;
    this.meters = meters;
  }

  /**
   * A target has answered or not: when that was the last one, and none has answered, one is chosen
   * to be asked once more, or the client is told how each fared.
   */
  void decide(Exchange exchange) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    if (attempts.retries() == 0) {
      budgets.of(attempts.current().name().provider()).called();
    }
    if (attempts.answered() || attempts.goOn()) {
      return;
    }
    Retry retry = next(attempts);
    if (retry == null || !attempts.retry(retry)) {
      throw AllTargetsFailed.explain(attempts);
    }
  }

  private @Nullable Retry next(Attempts attempts) {
    Failure failure = attempts.failures().worthRetrying();
    if (failure == null || attempts.givenUp() || attempts.retries() >= settings.attempts()) {
      return null;
    }
    Duration pause = backoff.before(attempts.retries(), ThreadLocalRandom.current());
    Duration wanted = RetryAfter.parse(failure.retryAfter(), Instant.now());
    if (wanted != null) {
      if (wanted.compareTo(settings.maxPause()) > 0) {
        return null;
      }
      pause = pause.plus(wanted);
    }
    String provider = failure.name().provider();
    if (pause.compareTo(attempts.timeLeft()) >= 0) {
      return null;
    }
    if (!budgets.of(provider).take()) {
      meters.backendRetry(provider, "no_budget");
      return null;
    }
    meters.backendRetry(provider, "made");
    return new Retry(failure.target(), pause);
  }

  /** Whether a call to {@code provider} may be made beside another's, which is counted then. */
  boolean mayHedge(String provider) {
    return budgets.of(provider).take();
  }

  /** Where the target is asked once more, its call waits for the pause to pass. */
  void pause(Exchange exchange) {
    Duration pause = Variables.ATTEMPTS.get(exchange).pause();
    if (pause.isZero()) {
      return;
    }
    RelayCall call = Variables.RELAY_CALL.get(exchange);
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    EventLoop loop = link == null ? loops.any() : link.loop();
    CompletableFuture<Origin> first = call.opening();
    CompletableFuture<Origin> passed = new CompletableFuture<>();
    loop.schedule(() -> passed.complete(call.origin()), pause.toNanos(), TimeUnit.NANOSECONDS);
    Variables.RELAY_CALL.set(
        exchange, call.after(first == null ? passed : passed.thenCompose(origin -> first)));
  }
}
