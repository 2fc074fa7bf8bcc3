package io.iir.admin;

import io.iir.auth.ApiKey;
import io.iir.auth.KeyHash;
import io.iir.auth.StoredKey;
import io.iir.cluster.Announcements;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.throttle.Budget;
import io.iir.throttle.Scope;
import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The endpoints {@code /api/v1/apikeys}: make, list, show, change, and revoke keys. */
@Component
public class ApiKeysRoute extends AdminEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(ApiKeysRoute.class);
  private static final String ALL = "platform-http:/api/v1/apikeys?httpMethodRestrict=";
  private static final String ONE = "platform-http:/api/v1/apikeys/{id}?httpMethodRestrict=";
  private static final String ID = "id";

  private final Announcements announcements;
  private final Spent spent;
  private final SecureRandom random = new SecureRandom();

  /**
   * The endpoints, which tell all gateways what they change by {@code announcements}, and show what
   * {@code spent} knows.
   */
  public ApiKeysRoute(Announcements announcements, Spent spent) {
    this.announcements = announcements;
    this.spent = spent;
  }

  @Override
  public void configure() {
    endpoint(
            "apikeys-create",
            ALL + "POST&consumes=application/json",
            "Makes a key and shows its secret, once")
        .process(this::issue)
        .id("apikeys-create.issue")
        .to("direct:api-key-insert")
        .id("apikeys-create.insert")
        .process(this::renderCreated)
        .id("apikeys-create.render");

    endpoint("apikeys-list", ALL + "GET", "Lists the keys, oldest first")
        .to("sql:classpath:sql/api-keys/select-all.sql?outputType=SelectList")
        .id("apikeys-list.select")
        .process(ApiKeysRoute::renderList)
        .id("apikeys-list.render");

    endpoint("apikeys-get", ONE + "GET", "Shows a key")
        .process(ApiKeysRoute::ask)
        .id("apikeys-get.ask")
        .to("sql:classpath:sql/api-keys/select-by-id.sql?outputType=SelectList")
        .id("apikeys-get.select")
        .process(this::renderOne)
        .id("apikeys-get.render");

    endpoint(
            "apikeys-update",
            ONE + "PATCH&consumes=application/json,application/merge-patch+json",
            "Changes a key")
        .process(ApiKeysRoute::readChange)
        .id("apikeys-update.read")
        .to("direct:api-key-update")
        .id("apikeys-update.update")
        .process(this::renderChanged)
        .id("apikeys-update.render");

    endpoint("apikeys-delete", ONE + "DELETE", "Revokes a key")
        .process(ApiKeysRoute::ask)
        .id("apikeys-delete.ask")
        .to("direct:api-key-revoke")
        .id("apikeys-delete.revoke")
        .process(this::renderDeleted)
        .id("apikeys-delete.render");
  }

  private void issue(Exchange exchange) {
    ApiKeyVariables.ISSUED.set(
        exchange, IssuedKey.issue(document(exchange), Instant.now(), random));
  }

  private static void readChange(Exchange exchange) {
    ApiKeyDocument document = document(exchange);
    document.check(Instant.now());
    ApiKeyVariables.DOCUMENT.set(exchange, document);
    ask(exchange);
  }

  private static ApiKeyDocument document(Exchange exchange) {
    return ApiKeyDocument.parse(exchange.getMessage().getBody(byte[].class));
  }

  /** Makes the path's id the parameter of the SQL that follows. */
  private static void ask(Exchange exchange) {
    exchange.getMessage().setBody(Map.of(ID, id(exchange)));
  }

  private static String id(Exchange exchange) {
    return exchange.getMessage().getHeader(ID, "", String.class);
  }

  private void renderCreated(Exchange exchange) {
    IssuedKey issued = ApiKeyVariables.ISSUED.get(exchange);
    changed(issued.stored().hash());
    render(exchange, 201, ApiKeyView.of(issued));
  }

  private static void renderList(Exchange exchange) {
    render(exchange, 200, ApiKeyView.of(ApiKeyChangesRoute.rows(exchange)));
  }

  private void renderOne(Exchange exchange) {
    StoredKey key = found(exchange, ApiKeyChangesRoute.only(exchange));
    Budget budget = key.key().budget();
    Instant now = Instant.now();
    Long used = budget == null ? null : used(key.key(), budget.period().start(now));
    render(exchange, 200, used == null ? ApiKeyView.of(key) : ApiKeyView.of(key, used, now));
  }

  /** What the key has spent since {@code start}; null: the ledger does not say. */
  private @Nullable Long used(ApiKey key, Instant start) {
    Subject subject = new Subject(Scope.KEY, key.id(), key.name());
    try {
      return spent.nanoUsd(subject, start).orTimeout(5, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      LOG.warn("the ledger does not say what {} has spent: {}", subject.words(), e.getMessage());
      return null;
    }
  }

  private void renderChanged(Exchange exchange) {
    StoredKey key = found(exchange, ApiKeyVariables.CHANGED.find(exchange));
    changed(key.hash());
    render(exchange, 200, ApiKeyView.of(key));
  }

  private void renderDeleted(Exchange exchange) {
    StoredKey key = found(exchange, ApiKeyVariables.CHANGED.find(exchange));
    changed(key.hash());
    render(exchange, 200, ApiKeyView.deleted(key.key().id()));
  }

  private void changed(KeyHash hash) {
    announcements.tell(Announcements.Topic.KEY_CHANGED, hash.hex());
  }

  private static StoredKey found(Exchange exchange, @Nullable StoredKey key) {
    if (key == null) {
      throw new ApiException(
          ApiError.invalid(
              404, "not_found", "There is no API key '%s'.".formatted(id(exchange)), ID));
    }
    return key;
  }
}
