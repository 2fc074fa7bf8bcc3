package io.iir.flow;

import io.iir.cache.AnswerCache;
import io.iir.cache.CacheDirectives;
import io.iir.cache.CachedAnswer;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells what a request may have of the cache; counts nothing. Thread-safe. */
@Component
public final class CacheLookup {

  /** The answer is there. */
  static final String HIT = "hit";

  /** It is not. */
  static final String MISS = "miss";

  /** The cache was not asked. */
  static final String BYPASS = "bypass";

  private final AnswerCache cache;
  private final CacheKeys keys;
  private final boolean enabled;
  private final double maxTemperature;
  private final Clock clock;

  /** Looks into {@code cache} under {@code keys}. */
  public CacheLookup(AnswerCache cache, CacheKeys keys, IirProperties properties, Clock clock) {
    this.cache = cache;
    this.keys = keys;
    this.enabled = properties.cache().enabled();
    this.maxTemperature = properties.cache().maxTemperature();
    this.clock = clock;
  }

  /**
   * What a request wants of the cache.
   *
   * @param key where its answer is; null: nowhere
   * @param directives what it says itself
   */
  record Wish(@Nullable String key, CacheDirectives directives) {

    /** Where the answer is to be looked for; null: nowhere. */
    @Nullable String lookUp() {
      return directives.lookUp() ? key : null;
    }

    /** Where it may be kept; null: nowhere. */
    @Nullable String store() {
      return directives.store() ? key : null;
    }
  }

  /** A wish for nothing of the cache, by a request that says nothing of it. */
  private static final Wish NOTHING = new Wish(null, CacheDirectives.NONE);

  /**
   * What came of looking, for people who ask what would be done.
   *
   * @param word {@code hit}, {@code miss} or {@code bypass}
   * @param refusal why the request would get no answer at all; null: it would get one, or other
   *     steps would be asked
   */
  public record Result(String word, @Nullable ApiException refusal) {

    /** Whether the answer is there. */
    public boolean isHit() {
      return HIT.equals(word);
    }
  }

  /** What the request that the steps before have read wants. */
  Wish wish(Exchange exchange) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    CacheDirectives directives =
        CacheDirectives.parse(exchange.getMessage().getHeader("cache-control", String.class));
    Double temperature = request.temperature();
    boolean varied =
        temperature != null && temperature > maxTemperature && !directives.asksForCache();
    boolean usable =
        enabled
            && !varied
            && request.operation().isRepeatable()
            && (directives.lookUp() || directives.store());
    if (!usable) {
      return directives.equals(CacheDirectives.NONE) ? NOTHING : new Wish(null, directives);
    }
    return new Wish(keys.of(exchange), directives);
  }

  /** The answer in memory, if it will do for {@code wish}. */
  @Nullable CachedAnswer inMemory(Wish wish) {
    String key = wish.lookUp();
    return key == null ? null : fitting(cache.find(key), wish);
  }

  /** {@code found} if it will do, else null. */
  @Nullable CachedAnswer fitting(@Nullable CachedAnswer found, Wish wish) {
    return found != null && age(found).toSeconds() <= wish.directives().maxAgeSeconds()
        ? found
        : null;
  }

  /** How old {@code answer} is. */
  Duration age(CachedAnswer answer) {
    return answer.age(clock.instant());
  }

  /** Why a request that wants nothing but an answer from the cache gets none. */
  static ApiException notCached() {
    return new ApiException(
        ApiError.server(
            504,
            "not_cached",
            "the answer is not in the cache, and Cache-Control: only-if-cached wants no other"));
  }

  /** Whether {@code refusal} is one of {@link #notCached}. */
  static boolean isNotCached(ApiException refusal) {
    return refusal.error().code().equals("not_cached");
  }

  /** Looks for the answer to the request that the steps before have read; blocks. */
  public Result ask(Exchange exchange) {
    Wish wish = wish(exchange);
    String key = wish.lookUp();
    CachedAnswer found = inMemory(wish);
    if (found == null && key != null && cache.isShared()) {
      found = fitting(cache.findShared(key).join(), wish);
    }
    return new Result(
        found != null ? HIT : key == null ? BYPASS : MISS,
        found == null && wish.directives().onlyIfCached() ? notCached() : null);
  }
}
