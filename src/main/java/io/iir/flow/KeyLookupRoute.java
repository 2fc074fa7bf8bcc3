package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.auth.Lookup;
import io.iir.auth.StoredKey;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts a question about a key to the database and remembers the answer. Blocks: called on a virtual
 * thread. Touches neither body nor headers.
 */
@Component
public class KeyLookupRoute extends RouteBuilder {

  private static final String ROWS = "keyRows";

  private final ApiKeys keys;

  /** The look-up that fills {@code keys}. */
  public KeyLookupRoute(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public void configure() {
    // A list, not SelectOne: that leaves the body as it was where there is no row.
    from("direct:key-lookup")
        .routeId("key-lookup")
        .description("Reads the key of a hash from the database into memory")
        .errorHandler(noErrorHandler())
        .toV(
            "sql:classpath:sql/api-keys/select-by-hash.sql?outputType=SelectList",
            Variables.KEY_HASH.name(),
            ROWS)
        .id("key-lookup.select")
        .process(this::remember)
        .id("key-lookup.remember");
  }

  private void remember(Exchange exchange) {
    Lookup.Question question = question(Variables.LOOKUP.get(exchange));
    if (question == null) {
      throw new IllegalStateException("key-lookup was called without a question");
    }
    @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
    List<Map<String, Object>> rows = (List<Map<String, Object>>) exchange.removeVariable(ROWS);
    Variables.KEY_HASH.remove(exchange);
    StoredKey stored = rows.isEmpty() ? null : StoredKey.of(rows.getFirst());
    Variables.LOOKUP.set(exchange, keys.remember(question, stored));
  }

  /** What {@code lookup} leaves to ask; null if nothing. */
  static Lookup.@Nullable Question question(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Question question -> question;
      case Lookup.Known known -> known.refresh();
      case Lookup.Refused refused -> null;
    };
  }
}
