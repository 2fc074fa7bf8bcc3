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
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts a question about a key to the database and remembers the answer; or waits for the answer if
 * another caller has put the same question. Blocks: called on a virtual thread. Touches neither
 * body nor headers.
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
        .filter(exchange -> question(Variables.LOOKUP.get(exchange)) != null)
        .id("key-lookup.asks")
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
        .doFinally()
        .id("key-lookup.finally")
        .process(this::end)
        .id("key-lookup.end")
        .end()
        .end()
        .process(KeyLookupRoute::hear)
        .id("key-lookup.hear");
  }

  private void begin(Exchange exchange) {
    if (Variables.LOOKUP.get(exchange) instanceof Lookup.Asked asked) {
      lookups.begin(asked);
    }
  }

  private void remember(Exchange exchange) {
    Lookup lookup = Variables.LOOKUP.get(exchange);
    Lookup.Question question = Objects.requireNonNull(question(lookup));
    @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
    List<Map<String, Object>> rows = (List<Map<String, Object>>) exchange.removeVariable(ROWS);
    Variables.KEY_HASH.remove(exchange);
    StoredKey stored = rows.isEmpty() ? null : StoredKey.of(rows.getFirst());
    Lookup answer = keys.remember(question, stored);
    if (lookup instanceof Lookup.Asked asked) {
      asked.answer().complete(answer);
    }
  }

  private void end(Exchange exchange) {
    if (Variables.LOOKUP.get(exchange) instanceof Lookup.Asked asked) {
      lookups.end(asked, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }
  }

  private static void hear(Exchange exchange) {
    if (Variables.LOOKUP.get(exchange) instanceof Lookup.Asked asked) {
      Variables.LOOKUP.set(exchange, asked.answer().join());
    }
  }

  /** What {@code lookup} leaves this caller to ask; null if nothing. */
  static Lookup.@Nullable Question question(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Question question -> question;
      case Lookup.Known known -> known.refresh();
      case Lookup.Asked asked -> asked.part() == Lookup.Part.ASKS ? asked.question() : null;
      case Lookup.Refused refused -> null;
    };
  }
}
