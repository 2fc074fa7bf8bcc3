package io.iir.admin;

import io.iir.auth.StoredKey;
import io.iir.flow.Variables;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes keys to the database. Each route is one transaction: the change and its audit entry are
 * both there or neither, and no other change comes between reading and writing. They block: called
 * on a virtual thread.
 */
@Component
public class ApiKeyChangesRoute extends RouteBuilder {

  private static final String SELECT =
      "sql:classpath:sql/api-keys/select-by-id.sql?outputType=SelectList";

  /** Another gateway may change the same key at once: it waits until this transaction has ended. */
  private static final String LOCK = "sql:classpath:sql/api-keys/lock.sql?noop=true";

  private static final String AUDIT = "sql:classpath:sql/audit.sql?noop=true";

  private final SecureRandom random = new SecureRandom();

  @Override
  public void configure() {
    from("direct:api-key-insert")
        .routeId("api-key-insert")
        .description("Writes a new key and its audit entry")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("api-key-insert.transaction")
        .process(this::insert)
        .id("api-key-insert.row")
        .to("sql:classpath:sql/api-keys/insert.sql?noop=true")
        .id("api-key-insert.insert")
        .to(AUDIT)
        .id("api-key-insert.audit");

    from("direct:api-key-update")
        .routeId("api-key-update")
        .description("Merges a change into a key, if there is one, and writes its audit entry")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("api-key-update.transaction")
        .to(LOCK)
        .id("api-key-update.lock")
        .to(SELECT)
        .id("api-key-update.select")
        .process(this::update)
        .id("api-key-update.merge")
        .filter(ApiKeyChangesRoute::isFound)
        .id("api-key-update.if-found")
        .to("sql:classpath:sql/api-keys/update.sql?noop=true")
        .id("api-key-update.update")
        .to(AUDIT)
        .id("api-key-update.audit");

    from("direct:api-key-revoke")
        .routeId("api-key-revoke")
        .description("Revokes a key, if there is one, and writes its audit entry")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("api-key-revoke.transaction")
        .to(LOCK)
        .id("api-key-revoke.lock")
        .to(SELECT)
        .id("api-key-revoke.select")
        .process(this::revoke)
        .id("api-key-revoke.row")
        .filter(ApiKeyChangesRoute::isFound)
        .id("api-key-revoke.if-found")
        .to("sql:classpath:sql/api-keys/revoke.sql?noop=true")
        .id("api-key-revoke.revoke")
        .to(AUDIT)
        .id("api-key-revoke.audit");
  }

  private void insert(Exchange exchange) {
    StoredKey key = ApiKeyVariables.ISSUED.get(exchange).stored();
    write(exchange, key, "api_key.create", ApiKeyView.of(key).toString());
  }

  private void update(Exchange exchange) {
    StoredKey old = only(exchange);
    if (old != null) {
      ApiKeyDocument document = ApiKeyVariables.DOCUMENT.get(exchange);
      StoredKey changed =
          new StoredKey(
              document.applyTo(old.key(), Instant.now()),
              old.hash(),
              old.prefix(),
              old.createdAt());
      ApiKeyVariables.CHANGED.set(exchange, changed);
      write(exchange, changed, "api_key.update", document.text());
    }
  }

  private void revoke(Exchange exchange) {
    StoredKey key = only(exchange);
    if (key != null) {
      ApiKeyVariables.CHANGED.set(exchange, key);
      write(exchange, key, "api_key.delete", "{}");
    }
  }

  private void write(Exchange exchange, StoredKey key, String action, String detail) {
    String actor = Variables.PRINCIPAL.get(exchange).id();
    exchange.getMessage().setBody(new Audit(actor, Instant.now(), random).row(key, action, detail));
  }

  private static boolean isFound(Exchange exchange) {
    return ApiKeyVariables.CHANGED.find(exchange) != null;
  }

  /** The only row that the message holds; null if it holds none. */
  static @Nullable StoredKey only(Exchange exchange) {
    List<StoredKey> keys = rows(exchange);
    return keys.isEmpty() ? null : keys.getFirst();
  }

  /** The rows that the message holds. */
  @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
  static List<StoredKey> rows(Exchange exchange) {
    List<Map<String, Object>> rows = (List<Map<String, Object>>) exchange.getMessage().getBody();
    return rows.stream().map(StoredKey::of).toList();
  }
}
