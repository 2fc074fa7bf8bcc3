package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.auth.KeyLookups;
import io.iir.auth.Lookup;
import io.iir.auth.StoredKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Puts a question about a key to the database, remembers the answer and tells those who wait for
 * it. Blocks: called on a virtual thread, with a copy of the exchange that asks, which does not
 * wait for longer than it likes.
 */
@Component
public class KeyLookupRoute extends RouteBuilder {

  private static final String ROWS = "keyRows";

  private final ApiKeys keys;
  private final KeyLookups lookups;

  /** The look-up that fills {@code keys}, as one of {@code lookups}. */
  public KeyLookupRoute(ApiKeys keys, KeyLookups lookups) {
    this.keys = keys;
    this.lookups = lookups;
  }

  @Override
  public void configure() {
    // A list, not SelectOne: that leaves the body as it was where there is no row.
    from("direct:key-lookup")
        .routeId("key-lookup")
        .description("Reads the key of a hash from the database into memory")
        .errorHandler(noErrorHandler())
        .doTry()
        .id("key-lookup.attempt")
        .process(this::begin)
        .id("key-lookup.begin")
        .toV(
            "sql:classpath:sql/api-keys/select-by-hash.sql?outputType=SelectList",
            Variables.KEY_HASH.name(),
            ROWS)
        .id("key-lookup.select")
        .process(this::remember)
        .id("key-lookup.remember")
        .doCatch(Exception.class)
        .id("key-lookup.failed")
        .process(this::fail)
        .id("key-lookup.fail")
        .end();
  }

  private void begin(Exchange exchange) {
    lookups.begin(asked(exchange));
  }

  private void remember(Exchange exchange) {
    Lookup.Asked asked = asked(exchange);
    @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
    List<Map<String, Object>> rows = (List<Map<String, Object>>) exchange.removeVariable(ROWS);
    StoredKey stored = null;
    long version = 0;
    if (!rows.isEmpty()) {
      Map<String, Object> row = rows.getFirst();
      stored = StoredKey.of(row);
      version = ((Number) Objects.requireNonNull(row.get("version"))).longValue();
    }
    asked.answer().complete(keys.remember(asked.question(), stored, version));
    lookups.end(asked, null);
  }

  private void fail(Exchange exchange) {
    lookups.end(asked(exchange), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
  }

  private static Lookup.Asked asked(Exchange exchange) {
    return (Lookup.Asked) Variables.LOOKUP.get(exchange);
  }
}
