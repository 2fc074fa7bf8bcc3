package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.Sha256;
import io.iir.cache.AnswerCache;
import io.iir.cache.CacheDirectives;
import io.iir.cache.CachedAnswer;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Looks for a request's answer in the cache; counts nothing. Thread-safe. */
@Component
public final class CacheLookup {

  /** The answer is there. */
  static final String HIT = "hit";

  private static final String MISS = "miss";
  private static final String BYPASS = "bypass";

  private final AnswerCache cache;
  private final boolean enabled;
  private final Clock clock;

  /** Looks into {@code cache}. */
  public CacheLookup(AnswerCache cache, IirProperties properties, Clock clock) {
    this.cache = cache;
    this.enabled = properties.cache().enabled();
    this.clock = clock;
  }

  /**
   * What came of looking.
   *
   * @param word {@code hit}, {@code miss} or {@code bypass}
   * @param found the answer; null: it is not there
   * @param storeKey where a new answer is to be kept; null: nowhere
   * @param onlyIfCached whether nothing but an answer from the cache will do
   */
  public record Result(
      String word, @Nullable CachedAnswer found, @Nullable String storeKey, boolean onlyIfCached) {

    /** Whether the answer is there. */
    public boolean isHit() {
      return found != null;
    }

    /** Why the request gets no answer at all; null if it gets one, or other steps are asked. */
    public @Nullable ApiException refusal() {
      return onlyIfCached && found == null
          ? new ApiException(
              ApiError.server(
                  504,
                  "not_cached",
                  "the answer is not in the cache, and Cache-Control: only-if-cached wants no"
                      + " other"))
          : null;
    }
  }

  /** Looks for the answer to the request that the steps before have read. */
  public Result ask(Exchange exchange) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    CacheDirectives wanted =
        CacheDirectives.parse(exchange.getMessage().getHeader("cache-control", String.class));
    Double temperature = request.temperature();
    boolean wantsVariety = temperature != null && temperature > 0 && !wanted.asksForCache();
    boolean usable = enabled && !wantsVariety && request.operation().isRepeatable();
    String key = usable && (wanted.lookUp() || wanted.store()) ? key(exchange, request) : null;
    CachedAnswer found = key != null && wanted.lookUp() ? find(key, wanted) : null;
    return new Result(
        found != null ? HIT : key != null && wanted.lookUp() ? MISS : BYPASS,
        found,
        wanted.store() ? key : null,
        wanted.onlyIfCached());
  }

  private @Nullable CachedAnswer find(String key, CacheDirectives wanted) {
    CachedAnswer found = cache.find(key);
    return found != null && age(found).toSeconds() <= wanted.maxAgeSeconds() ? found : null;
  }

  Duration age(CachedAnswer answer) {
    return Duration.between(answer.storedAt(), clock.instant());
  }

  /** Two requests share a key only if the same API key, with the same rights, sent both. */
  private static String key(Exchange exchange, ModelRequest request) {
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
}
