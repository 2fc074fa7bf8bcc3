package io.iir.flow;

import io.iir.cache.CachedAnswer;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelName;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code cache-lookup}: answers from the cache where the same was asked before by whoever
 * may share its answer, or is being asked now, and ends the flow there. A request of a higher
 * temperature than is configured wants variety: it is cached only if its Cache-Control asks for
 * that by {@code max-age} or {@code only-if-cached}.
 */
@Component
public final class CacheLookupRoute extends RouteBuilder {

  /** A longer answer takes too long to make a stream of on an event loop: 16 KiB. */
  static final int LONG_REPLAY = 16 << 10;

  private final CacheStep step;

  /** A step that looks up by {@code step}. */
  public CacheLookupRoute(CacheStep step) {
    this.step = step;
  }

  @Override
  public void configure() {
    from("direct:cache-lookup")
        .routeId("cache-lookup")
        .description("Answer from the cache where the same was asked before, or is being asked")
        .errorHandler(noErrorHandler())
        .process(step)
        .id("cache-lookup.look-up")
        .filter(exchange -> exchange.getMessage().getBody() instanceof CachedAnswer)
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
        .process(CacheLookupRoute::answer)
        .id("cache-lookup.answer")
        .stop()
        .id("cache-lookup.end")
        .end();
  }

  private static boolean takesLong(Exchange exchange) {
    return Variables.REQUEST.get(exchange).stream()
        && exchange.getMessage().getBody() instanceof CachedAnswer found
        && found.completion().length > LONG_REPLAY;
  }

  private static void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    ModelRequest request = Variables.REQUEST.get(exchange);
    CachedAnswer found = message.getBody(CachedAnswer.class);
    message.removeHeaders("*");
    boolean stream = request.stream();
    message.setHeader(Exchange.CONTENT_TYPE, stream ? "text/event-stream" : "application/json");
    message.setBody(stream ? Replay.of(found.completion(), request) : found.completion());
    Variables.REASON.set(exchange, "cache");
    Variables.ANSWERED_BY.set(exchange, new ModelName(found.provider(), found.model()));
  }
}
