package io.iir.provider;

import io.iir.retry.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model, from {@link ModelTraffic#tryBegin} to its end: at one endpoint, with one
 * key. The first end counts, further ones do nothing; whatever it is, the permits of circuit
 * breakers are given back by it. Thread-safe.
 */
public final class ModelCall {

  private final Load load;
  private final Ways ways;
  private final @Nullable AtomicInteger group;
  private final long hash;
  private final int endpoint;
  private final int key;
  private final Tried tried;
  private final long startNanos;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile int permit;
  private volatile int endpointPermit;
  private volatile boolean endpointAnswered;
  private volatile boolean waits;
  private volatile boolean unreachable;
  private volatile boolean notSent;
  private volatile @Nullable CallWatch watch;

  private ModelCall(
      Load load,
      Ways ways,
      @Nullable AtomicInteger group,
      long hash,
      int permit,
      Ways.Place place,
      int key,
      Tried before) {
    this.load = load;
    this.ways = ways;
    this.group = group;
    this.hash = hash;
    this.permit = permit;
    this.endpoint = place.index();
    this.endpointPermit = place.permit();
    this.key = key;
    this.tried = before.with(endpoint, key);
    this.startNanos = load.now();
    load.begin();
    place().begin();
    if (group != null) {
      group.incrementAndGet();
    }
  }

  /** A call to the model of {@code load}, or null if it must not be called now. */
  static @Nullable ModelCall begin(Load load, Ways ways, @Nullable AtomicInteger group, long hash) {
    return begin(load, ways, group, hash, Breaker::acquire);
  }

  /** As {@link #begin}, beside the calls that decide whether the model is well again. */
  static @Nullable ModelCall beginBeside(
      Load load, Ways ways, @Nullable AtomicInteger group, long hash) {
    return begin(load, ways, group, hash, Breaker::acquireBeside);
  }

  private static @Nullable ModelCall begin(
      Load load,
      Ways ways,
      @Nullable AtomicInteger group,
      long hash,
      ToIntFunction<Breaker> acquire) {
    if (ways.provider().drained()) {
      return null;
    }
    int key = ways.keys().next(0, load.now());
    if (key < 0) {
      return null;
    }
    int permit = acquire.applyAsInt(load.breaker());
    if (permit == Breaker.NONE) {
      return null;
    }
    Ways.Place place = ways.take(0, hash);
    if (place == null) {
      load.breaker().released(permit);
      return null;
    }
    return new ModelCall(load, ways, group, hash, permit, place, key, Tried.NOTHING);
  }

  /** Whom to call, and with what: one endpoint, one key. */
  public Resolved resolved() {
    return ways.resolved(endpoint, key);
  }

  private Endpoint place() {
    return ways.endpoints().get(endpoint);
  }

  /** {@code other} hears what becomes of this call. */
  public void watchedBy(CallWatch other) {
    watch = other;
  }

  /** Who hears what becomes of this call; null: nobody. */
  public @Nullable CallWatch watch() {
    return watch;
  }

  /** The call waits for the model to be started: how long it takes says nothing of the model. */
  public void waits() {
    waits = true;
  }

  /** Nothing was sent: what follows says nothing of the endpoint. */
  public void notSent() {
    notSent = true;
  }

  /** The endpoint could not be reached at all. */
  public void unreachable() {
    unreachable = true;
  }

  /** What went wrong, for those who look after the provider: {@code what} holds no secret. */
  public void wentWrong(String what) {
    load.wentWrong(what);
  }

  /**
   * The answer has begun. A model or an endpoint that is being tried is well again by that: a
   * stream may take long.
   */
  public void answering() {
    if (place().breaker().isHalfOpen() && endpointPermit != Breaker.NONE && !ended.get()) {
      int mine = endpointPermit;
      endpointPermit = Breaker.NONE;
      endpointAnswered = true;
      place().breaker().succeeded(mine);
    }
    if (load.breaker().isHalfOpen() && !ended.get()) {
      int mine = permit;
      permit = Breaker.NONE;
      load.breaker().succeeded(mine);
    }
  }

  /** A whole answer of that many tokens is there. */
  public void answered(long tokens) {
    if (endWell() && !waits) {
      long total = load.now() - startNanos;
      place().began((double) total);
      load.measured(Speed.Sample.ofWhole(total, tokens));
    }
  }

  /**
   * A stream of that many tokens has ended well. A first token from before the call began is not
   * this call's, and tells nothing.
   *
   * @param firstTokenNanos when its first token came, in {@link System#nanoTime} terms
   * @param lastTokenNanos when it was complete; 0: it was left before
   */
  public void streamed(long firstTokenNanos, long lastTokenNanos, long tokens) {
    long first = firstTokenNanos - startNanos;
    if (endWell() && !waits && first >= 0) {
      place().began((double) first);
      load.measured(
          Speed.Sample.ofStream(
              first, lastTokenNanos == 0 ? 0 : lastTokenNanos - startNanos, tokens));
    }
  }

  /** The model has done what it should; how fast it was cannot be told. */
  public void succeeded() {
    endWell();
  }

  /** The model could not be reached, took too long, or failed. */
  public void failed() {
    if (!end()) {
      return;
    }
    endpointFailed();
    if (waits) {
      load.breaker().released(permit);
    } else if (permit == Breaker.NONE) {
      load.breaker().failedLate();
    } else {
      load.breaker().failed(permit);
    }
  }

  /** The call is over and says nothing of the model. */
  public void dropped() {
    if (end()) {
      load.breaker().released(permit);
      place().breaker().released(endpointPermit);
    }
  }

  /**
   * The provider has refused the key: it cools down. Not with 403, which may be said of what the
   * client sent: only one other key is tried then. The call that follows to the same model with
   * another key takes this one's place; null: there is no other key, or enough were tried, and this
   * call goes on.
   *
   * @param status 401, 403 or 429
   * @param retryAfter the header that says when to ask again, or null
   */
  public @Nullable ModelCall withAnotherKey(int status, @Nullable String retryAfter) {
    if (!ways.keys().several()) {
      return null;
    }
    long now = load.now();
    if (status == 403) {
      if (tried.forbidden()) {
        return null;
      }
    } else {
      Duration wait = RetryAfter.parse(retryAfter, Instant.now());
      ways.keys().keys().get(key).refused(status, wait == null ? 0 : wait.toNanos(), now);
    }
    int next = tried.enough() ? -1 : ways.keys().next(tried.keys(), now);
    if (next < 0 || !end()) {
      return null;
    }
    return again(new Ways.Place(endpoint, endpointPermit), next, tried.answered(status));
  }

  /**
   * The endpoint has failed. The call that follows to the same model at another endpoint takes this
   * one's place; null: there is no other endpoint, or enough were tried, and this call goes on.
   */
  public @Nullable ModelCall atAnotherEndpoint() {
    Ways.Place next =
        waits || !ways.several() || tried.enough() ? null : ways.take(tried.endpoints(), hash);
    if (next == null) {
      return null;
    }
    if (!end()) {
      ways.endpoints().get(next.index()).breaker().released(next.permit());
      return null;
    }
    endpointFailed();
    return again(next, key, tried);
  }

  private ModelCall again(Ways.Place next, int nextKey, Tried before) {
    return new ModelCall(load, ways, group, hash, permit, next, nextKey, before);
  }

  private void endpointFailed() {
    if (notSent) {
      place().breaker().released(endpointPermit);
    } else if (ways.several() && unreachable) {
      place().breaker().open();
    } else if (endpointAnswered) {
      place().breaker().failedLate();
    } else {
      place().breaker().failed(endpointPermit);
    }
  }

  private boolean endWell() {
    if (!end()) {
      return false;
    }
    load.breaker().succeeded(permit);
    place().breaker().succeeded(endpointPermit);
    if (ways.keys().several()) {
      ways.keys().keys().get(key).worked(startNanos);
    }
    return true;
  }

  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    load.end();
    place().end();
    if (group != null) {
      group.decrementAndGet();
    }
    CallWatch watching = watch;
    if (watching != null) {
      watching.ended();
    }
    return true;
  }
}
