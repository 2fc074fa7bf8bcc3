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
    if (!askOnceMore(attempts)) {
      throw AllTargetsFailed.explain(attempts);
    }
  }

  /** The first target is chosen that may be asked once more, and lets a call through. */
  private boolean askOnceMore(Attempts attempts) {
    if (attempts.givenUp() || attempts.retries() >= settings.attempts()) {
      return false;
    }
    Duration least = backoff.before(attempts.retries(), ThreadLocalRandom.current());
    return attempts.failures().worthRetrying().stream()
        .anyMatch(failure -> askOnceMore(attempts, failure, least));
  }

  private boolean askOnceMore(Attempts attempts, Failure failure, Duration least) {
    Duration wanted = RetryAfter.parse(failure.retryAfter(), Instant.now());
    Duration pause = wanted == null ? least : least.plus(wanted);
    if ((wanted != null && wanted.compareTo(settings.maxPause()) > 0)
        || pause.compareTo(attempts.timeLeft()) >= 0) {
      return false;
    }
    String provider = failure.name().provider();
    return attempts.retry(new Retry(failure.target(), pause), () -> pays(provider));
  }

  private boolean pays(String provider) {
    boolean may = budgets.of(provider).take();
    meters.backendRetry(provider, may ? "made" : "no_budget");
    return may;
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
