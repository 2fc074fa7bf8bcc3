package io.iir.flow;

import io.iir.cache.CachedAnswer;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelName;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code cache-lookup}: answers from the cache where the same key has asked exactly the
 * same before, and ends the flow there. A request whose temperature is above 0 wants variety: it is
 * cached only if its Cache-Control asks for that by {@code max-age} or {@code only-if-cached}.
 */
@Component
public final class CacheLookupRoute extends RouteBuilder {

  /** A longer answer takes too long to make a stream of on an event loop: 16 KiB. */
  static final int LONG_REPLAY = 16 << 10;

  private final CacheLookup lookup;
  private final FlowMeters meters;

  /** A step that looks up by {@code lookup}. */
  public CacheLookupRoute(CacheLookup lookup, FlowMeters meters) {
    this.lookup = lookup;
    this.meters = meters;
  }

  @Override
  public void configure() {
    from("direct:cache-lookup")
        .routeId("cache-lookup")
        .description("Answer from the cache where the same key asked the same before")
        .errorHandler(noErrorHandler())
        .process(this::lookUp)
        .id("cache-lookup.look-up")
        .filter(exchange -> CacheLookup.HIT.equals(Variables.CACHE.find(exchange)))
        .id("cache-lookup.hit")
        .choice()
        .id("cache-lookup.by-size")
        .when(CacheLookupRoute::takesLong)
        .id("cache-lookup.long-replay")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("cache-lookup.off-the-loop")
        .end()
        .end()
        .process(this::answer)
        .id("cache-lookup.answer")
        .stop()
        .id("cache-lookup.end")
        .end();
  }

  private void lookUp(Exchange exchange) {
    CacheLookup.Result result = lookup.ask(exchange);
    if (result.storeKey() != null) {
      Variables.CACHE_KEY.set(exchange, result.storeKey());
    }
    Variables.CACHE.set(exchange, result.word());
    meters.cache(result.word());
    ApiException refusal = result.refusal();
    if (refusal != null) {
      throw refusal;
    }
    if (result.found() != null) {
      exchange.getMessage().setBody(result.found());
    }
  }

  private static boolean takesLong(Exchange exchange) {
    return Variables.REQUEST.get(exchange).stream()
        && exchange.getMessage().getBody() instanceof CachedAnswer found
        && found.completion().length > LONG_REPLAY;
  }

  private void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    ModelRequest request = Variables.REQUEST.get(exchange);
    CachedAnswer found = message.getBody(CachedAnswer.class);
    message.removeHeaders("*");
    boolean stream = request.stream();
    message.setHeader(Exchange.CONTENT_TYPE, stream ? "text/event-stream" : "application/json");
    message.setBody(stream ? Replay.of(found.completion(), request) : found.completion());
    Variables.CACHE_AGE.set(exchange, Math.max(0, lookup.age(found).toSeconds()));
    Variables.REASON.set(exchange, "cache");
    Variables.ANSWERED_BY.set(exchange, new ModelName(found.provider(), found.model()));
  }
}
