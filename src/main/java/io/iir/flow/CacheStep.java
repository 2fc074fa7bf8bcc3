package io.iir.flow;

import io.iir.cache.AnswerCache;
import io.iir.cache.CachedAnswer;
import io.iir.cache.Outcome;
import io.iir.cache.Outcome.Where;
import io.iir.cache.Place;
import io.iir.config.IirProperties;
import io.iir.flow.CacheLookup.Wish;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Looks for a request's answer: in memory at once, in Redis and with those who are having it made
 * without holding a thread. The answer is left as the message's body, else the request goes on.
 * Thread-safe.
 */
@Component
public final class CacheStep extends AsyncProcessorSupport {

  private static final String COALESCED = "coalesced";

  private final CacheLookup lookup;
  private final AnswerCache cache;
  private final FlowMeters meters;
  private final ExecutorService blocking;
  private final boolean coalesce;
  private final long patienceNanos;

  /** A step that looks into {@code cache} for what {@code lookup} finds to be wanted. */
  public CacheStep(
      CacheLookup lookup,
      AnswerCache cache,
      FlowMeters meters,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService blocking,
      IirProperties properties) {
    this.lookup = lookup;
    this.cache = cache;
    this.meters = meters;
    this.blocking = blocking;
    this.coalesce = properties.cache().coalesce();
    this.patienceNanos = properties.failover().total().toNanos();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      return lookUp(exchange, callback);
    } catch (ApiException refusal) {
      exchange.setException(refusal);
      callback.done(true);
      return true;
    }
  }

  private boolean lookUp(Exchange exchange, AsyncCallback callback) {
    Wish wish = lookup.wish(exchange);
    String key = wish.lookUp();
    CachedAnswer found = lookup.inMemory(wish);
    boolean onlyIfCached = wish.directives().onlyIfCached();
    if (found != null) {
      apply(exchange, new Outcome.Hit(found, Where.MEMORY));
    } else if (key == null) {
      bypass(exchange, wish);
    } else if (!coalesce || onlyIfCached) {
      if (cache.isShared()) {
        return askRedis(exchange, callback, wish, key);
      }
      miss(exchange, wish);
    } else {
      return join(exchange, callback, wish, key);
    }
    callback.done(true);
    return true;
  }

  private void bypass(Exchange exchange, Wish wish) {
    Variables.CACHE.set(exchange, CacheLookup.BYPASS);
    meters.cache(CacheLookup.BYPASS, "none");
    refuse(exchange, wish);
    String store = wish.store();
    if (store != null) {
      Variables.CACHE_PLACE.set(exchange, cache.place(store));
    }
  }

  private void miss(Exchange exchange, Wish wish) {
    String store = wish.store();
    if (store != null) {
      apply(exchange, new Outcome.Miss(cache.place(store)));
    }
    refuse(exchange, wish);
  }

  private static void refuse(Exchange exchange, Wish wish) {
    if (wish.directives().onlyIfCached()) {
      exchange.setException(CacheLookup.notCached());
    }
  }

  private boolean askRedis(Exchange exchange, AsyncCallback callback, Wish wish, String key) {
    CacheWait wait =
        new CacheWait(this, exchange, callback, wish, NextThread.of(exchange, blocking));
    cache
        .findShared(key)
        .whenComplete((answer, failure) -> {
          CachedAnswer found = lookup.fitting(answer, wish);
          if (found != null) {
            wait.resume(new Outcome.Hit(found, Where.REDIS));
          } else {
            wait.miss();
          }
        });
    return false;
  }

  private boolean join(Exchange exchange, AsyncCallback callback, Wish wish, String key) {
    CacheWait wait =
        new CacheWait(this, exchange, callback, wish, NextThread.of(exchange, blocking));
    Outcome outcome = cache.await(key, wait);
    if (outcome != null) {
      apply(exchange, outcome);
      callback.done(true);
      return true;
    }
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    if (link != null) {
      Runnable leave =
          () -> {
            cache.leave(key, wait);
            wait.leave();
          };
      if (link.loop().inEventLoop()) {
        wait.onLeave(link, leave);
      } else {
        link.loop().execute(() -> wait.onLeave(link, leave));
      }
    }
    return false;
  }

  // ---- what comes of it

  boolean takes(CachedAnswer answer, Wish wish) {
    return lookup.fitting(answer, wish) != null;
  }

  long patienceNanos() {
    return patienceNanos;
  }

  void missed(Exchange exchange, Wish wish) {
    miss(exchange, wish);
  }

  /** Puts {@code outcome} into the exchange. */
  void apply(Exchange exchange, Outcome outcome) {
    switch (outcome) {
      case Outcome.Hit(CachedAnswer answer, Where where) -> {
        Variables.CACHE_AGE.set(exchange, lookup.age(answer).toSeconds());
        answer(exchange, answer, CacheLookup.HIT, where);
        cache.counts().hit(where);
      }
      case Outcome.Coalesced(CachedAnswer answer, Where where) -> {
        answer(exchange, answer, COALESCED, where);
        cache.counts().shared();
      }
      case Outcome.Failed(ApiException refusal) -> {
        Variables.CACHE.set(exchange, COALESCED);
        meters.cache(COALESCED, Where.MEMORY.word());
        cache.counts().shared();
        exchange.setException(refusal);
      }
      case Outcome.Miss(Place place) -> {
        Variables.CACHE.set(exchange, CacheLookup.MISS);
        meters.cache(CacheLookup.MISS, "none");
        cache.counts().missed();
        Variables.CACHE_PLACE.set(exchange, place);
        if (place.isAwaited()) {
          exchange.getExchangeExtension().addOnCompletion(new LeadEnd(place));
        }
      }
    }
  }

  private void answer(Exchange exchange, CachedAnswer answer, String word, Where where) {
    Variables.CACHE.set(exchange, word);
    meters.cache(word, where.word());
    exchange.getMessage().setBody(answer);
  }
}
