package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.cache.AnswerCache;
import io.iir.cache.CacheFilter;
import io.iir.cache.CacheReport;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import io.iir.redis.RedisUnavailableException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The endpoints {@code /api/v1/cache}: how the cache is, and clear it. */
@Component
public class CacheRoute extends AdminEndpoints {

  private static final String CACHE = "platform-http:/api/v1/cache?httpMethodRestrict=";
  private static final Set<String> FILTERS = Set.of("team", "model", "key");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AnswerCache cache;
  private final SecureRandom random = new SecureRandom();

  /** The endpoints of {@code cache}. */
  public CacheRoute(AnswerCache cache) {
    this.cache = cache;
  }

  @Override
  public void configure() {
    endpoint("cache-get", CACHE + "GET", "Shows how the cache is")
        .process(exchange -> render(exchange, 200, view(cache.report())))
        .id("cache-get.render");

    endpoint("cache-clear", CACHE + "DELETE", "Drops answers from the cache")
        .process(this::audit)
        .id("cache-clear.check")
        .to("sql:classpath:sql/audit.sql?noop=true")
        .id("cache-clear.audit")
        .process(this::clear)
        .id("cache-clear.clear");
  }

  /** Nothing is done before it is in the audit log. */
  private void audit(Exchange exchange) {
    String detail = filter(exchange).toJson().toString();
    String actor = Variables.PRINCIPAL.get(exchange).id();
    exchange
        .getMessage()
        .setBody(new Audit(actor, Instant.now(), random).row("cache", "cache.clear", detail));
  }

  private void clear(Exchange exchange) {
    CacheReport.Cleared cleared;
    try {
      cleared = cache.clear(filter(exchange));
    } catch (RedisUnavailableException e) {
      throw new ApiException(
          ApiError.server(
              503,
              "cache_not_cleared",
              ("the answers in this gateway's memory were cleared, those in Redis were not, or not"
                      + " all: %s. Ask again.")
                  .formatted(e.getMessage())),
          Map.of("Retry-After", "1"));
    }
    ObjectNode view = JSON.createObjectNode().put("object", "cache.cleared");
    view.put("memory", cleared.memory()).put("redis", cleared.redis());
    render(exchange, 200, view);
  }

  private static ObjectNode view(CacheReport report) {
    ObjectNode view = JSON.createObjectNode().put("object", "cache");
    ObjectNode process = view.putObject("process");
    process.putObject("hits").put("memory", report.inMemory()).put("redis", report.inRedis());
    process.put("misses", report.misses()).put("coalesced", report.coalesced());
    process.put("waiting", report.waiting()).put("evictions", report.evictions());
    view.set("memory", stock(report.memory()));
    view.set("redis", stock(report.redis()));
    return view;
  }

  private static @Nullable ObjectNode stock(CacheReport.@Nullable Stock stock) {
    return stock == null
        ? null
        : JSON.createObjectNode().put("entries", stock.entries()).put("bytes", stock.bytes());
  }

  private static CacheFilter filter(Exchange exchange) {
    QueryParameters wanted = QueryParameters.of(exchange, FILTERS);
    String model = wanted.find("model");
    if (model != null && !ModelPattern.isValid(model)) {
      throw ApiException.invalidRequest(
          "'%s' means no model: send <provider>/<model>, <provider>/* or *".formatted(model),
          "model");
    }
    return new CacheFilter(
        wanted.find("team"), model == null ? null : new ModelPattern(model), wanted.find("key"));
  }
}
