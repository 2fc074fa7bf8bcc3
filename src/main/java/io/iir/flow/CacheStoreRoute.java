package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.EventCopy;
import io.iir.backend.Tally;
import io.iir.cache.AnswerCache;
import io.iir.cache.CachedAnswer;
import io.iir.cache.Place;
import io.iir.config.IirProperties;
import io.iir.openai.CompletionAssembler;
import io.iir.provider.ModelName;
import io.iir.transport.AnswerStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * The step {@code cache-store}: keeps complete, successful answers. A stream is kept when its last
 * event has passed, put together on another thread.
 */
@Component
public final class CacheStoreRoute extends RouteBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(CacheStoreRoute.class);

  private final AnswerCache cache;
  private final Cover cover;
  private final long maxEntry;
  private final Duration ttl;
  private final ExecutorService blocking;
  private final Clock clock;

  /** A step that puts into {@code cache}; {@code cover} knows which answers are cut. */
  CacheStoreRoute(
      AnswerCache cache,
      Cover cover,
      IirProperties properties,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService blocking,
      Clock clock) {
    this.cache = cache;
    this.cover = cover;
    this.maxEntry = properties.cache().maxEntry().toBytes();
    this.ttl = properties.cache().ttl();
    this.blocking = blocking;
    this.clock = clock;
  }

  @Override
  public void configure() {
    from("direct:cache-store")
        .routeId("cache-store")
        .description("Keep a complete, successful answer for the next time")
        .errorHandler(noErrorHandler())
        .process(this::store)
        .id("cache-store.store");
  }

  private void store(Exchange exchange) {
    Place place = Variables.CACHE_PLACE.find(exchange);
    if (place == null || Variables.ERROR.find(exchange) != null) {
      return;
    }
    Duration wanted = Variables.DECISION.get(exchange).cacheTtl();
    if (wanted != null && wanted.isZero()) {
      place.letGo();
      return;
    }
    Object body = exchange.getMessage().getBody();
    if (body instanceof AnswerStream) {
      exchange.getExchangeExtension().addOnCompletion(new StoreStream(place));
    } else if (body instanceof byte[] completion
        && Variables.TALLY.get(exchange).finishReason() != null
        && !Variables.REQUEST.get(exchange).stream()) {
      keep(place, exchange, completion);
    }
  }

  private void keep(Place place, Exchange exchange, byte[] completion) {
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (completion.length > maxEntry || answered == null || cover.cuts(exchange, answered)) {
      place.letGo();
      return;
    }
    Duration wanted = Variables.DECISION.get(exchange).cacheTtl();
    ApiKey tenant = Variables.PRINCIPAL.get(exchange);
    cache.keep(
        place,
        new CachedAnswer(
            completion,
            answered.provider(),
            answered.model(),
            tenant.id(),
            tenant.team(),
            clock.instant(),
            wanted == null ? ttl : wanted));
  }

  /** Keeps a stream that has passed whole and unbroken. */
  private final class StoreStream extends SynchronizationAdapter {

    private final Place place;

    StoreStream(Place place) {
      this.place = place;
    }

    @Override
    public void onComplete(Exchange exchange) {
      EventCopy copy = Variables.EVENT_COPY.find(exchange);
      Tally tally = Variables.TALLY.get(exchange);
      if (copy == null
          || !copy.whole()
          || tally.failure() != null
          || tally.finishReason() == null) {
        return;
      }
      // Completions run in the reverse order of their registration: taken before it is dropped.
      Variables.EVENT_COPY.remove(exchange);
      place.keeping();
      blocking.execute(() -> {
        try (copy) {
          CompletionAssembler assembler = new CompletionAssembler();
          copy.events().forEach(assembler::add);
          keep(place, exchange, assembler.toJson());
        } catch (RuntimeException e) {
          AboutRequest.run(exchange, () -> LOG.warn("a stream could not be kept in the cache", e));
        } finally {
          place.letGo(); // without effect on what is kept
        }
      });
    }
  }
}
