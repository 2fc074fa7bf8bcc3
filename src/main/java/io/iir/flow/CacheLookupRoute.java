package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.Sha256;
import io.iir.cache.AnswerCache;
import io.iir.cache.CacheDirectives;
import io.iir.cache.CachedAnswer;
import io.iir.config.IirProperties;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The step {@code cache-lookup}: answers from the cache where the same key has asked exactly the
 * same before, and ends the flow there. A request whose temperature is above 0 wants variety: it is
 * cached only if its Cache-Control asks for that by {@code max-age} or {@code only-if-cached}.
 */
@Component
public final class CacheLookupRoute extends RouteBuilder {

  private static final String HIT = "hit";
  private static final String MISS = "miss";
  private static final String BYPASS = "bypass";

  /** A longer answer takes too long to make a stream of on an event loop: 16 KiB. */
  static final int LONG_REPLAY = 16 << 10;

  private final AnswerCache cache;
  private final boolean enabled;
  private final FlowMeters meters;
  private final Clock clock;

  /** A step that looks into {@code cache}. */
  public CacheLookupRoute(
      AnswerCache cache, IirProperties properties, FlowMeters meters, Clock clock) {
    this.cache = cache;
    this.enabled = properties.cache().enabled();
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public void configure() {
    from("direct:cache-lookup")
        .routeId("cache-lookup")
        .description("Answer from the cache where the same key asked the same before")
        .errorHandler(noErrorHandler())
        .process(this::lookUp)
        .id("cache-lookup.look-up")
        .filter(exchange -> HIT.equals(Variables.CACHE.find(exchange)))
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
    ChatRequest request = Variables.CHAT_REQUEST.get(exchange);
    CacheDirectives wanted =
        CacheDirectives.parse(exchange.getMessage().getHeader("cache-control", String.class));
    Double temperature = request.temperature();
    boolean wantsVariety = temperature != null && temperature > 0 && !wanted.asksForCache();
    boolean usable = enabled && !wantsVariety;
    String key = usable && (wanted.lookUp() || wanted.store()) ? key(exchange, request) : null;
    if (key != null && wanted.store()) {
      Variables.CACHE_KEY.set(exchange, key);
    }
    CachedAnswer found = key != null && wanted.lookUp() ? find(key, wanted) : null;
    String result = found != null ? HIT : key != null && wanted.lookUp() ? MISS : BYPASS;
    Variables.CACHE.set(exchange, result);
    meters.cache(result);
    if (found != null) {
      exchange.getMessage().setBody(found);
    } else if (wanted.onlyIfCached()) {
      throw notCached();
    }
  }

  private @Nullable CachedAnswer find(String key, CacheDirectives wanted) {
    CachedAnswer found = cache.find(key);
    return found != null && age(found).toSeconds() <= wanted.maxAgeSeconds() ? found : null;
  }

  private Duration age(CachedAnswer answer) {
    return Duration.between(answer.storedAt(), clock.instant());
  }

  private static boolean takesLong(Exchange exchange) {
    return Variables.CHAT_REQUEST.get(exchange).stream()
        && exchange.getMessage().getBody() instanceof CachedAnswer found
        && found.completion().length > LONG_REPLAY;
  }

  private void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    ChatRequest request = Variables.CHAT_REQUEST.get(exchange);
    CachedAnswer found = message.getBody(CachedAnswer.class);
    message.removeHeaders("*");
    boolean stream = request.stream();
    message.setHeader(Exchange.CONTENT_TYPE, stream ? "text/event-stream" : "application/json");
    message.setBody(stream ? Replay.of(found.completion(), request) : found.completion());
    Variables.CACHE_AGE.set(exchange, Math.max(0, age(found).toSeconds()));
    Variables.REASON.set(exchange, "cache");
    Variables.ANSWERED_BY.set(exchange, new ModelName(found.provider(), found.model()));
  }

  /** Two requests share a key only if the same API key, with the same rights, sent both. */
  private static String key(Exchange exchange, ChatRequest request) {
    ApiKey tenant = Variables.PRINCIPAL.get(exchange);
    MessageDigest digest = Sha256.digest();
    add(digest, tenant.id());
    tenant.models().forEach(pattern -> add(digest, pattern.text()));
    add(digest, Variables.PROVIDER.get(exchange));
    add(digest, Variables.STRATEGY.get(exchange));
    request.digestInto(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String part) {
    digest.update(part.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static ApiException notCached() {
    return new ApiException(
        ApiError.server(
            504,
            "not_cached",
            "the answer is not in the cache, and Cache-Control: only-if-cached wants no other"));
  }
}
