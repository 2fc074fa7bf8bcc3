package io.iir.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.ApiKey;
import io.iir.auth.StoredKey;
import io.iir.throttle.Budget;
import io.iir.throttle.Usd;
import java.time.Instant;
import java.util.List;

/** A key as an administrator sees it: JSON, times in ISO 8601 (UTC). Pure functions. */
final class ApiKeyView {

  private static final JsonMapper JSON = new JsonMapper();

  private ApiKeyView() {}

  /** One key, without its secret. */
  static ObjectNode of(StoredKey stored) {
    ApiKey key = stored.key();
    ObjectNode view = JSON.createObjectNode();
    view.put("id", key.id());
    view.put("object", "api_key");
    view.put("name", key.name());
    view.put("team", key.team());
    view.put("prefix", stored.prefix());
    ArrayNode models = view.putArray("models");
    key.models().forEach(pattern -> models.add(pattern.text()));
    view.putObject("limits")
        .put("rpm", key.limits().rpm())
        .put("tpm", key.limits().tpm())
        .put("concurrency", key.limits().concurrency());
    Budget budget = key.budget();
    if (budget == null) {
      view.putNull("budget");
    } else {
      view.set("budget", of(budget));
    }
    ObjectNode tags = view.putObject("tags");
    key.tags().forEach(tags::put);
    view.put("created_at", stored.createdAt().toString());
    Instant expiresAt = key.expiresAt();
    view.put("expires_at", expiresAt == null ? null : expiresAt.toString());
    return view;
  }

  /**
   * One key, and of its budget also what is spent of it.
   *
   * @param spent in billionths of a USD, in the budget's current period, which {@code now} is in
   */
  static ObjectNode of(StoredKey stored, long spent, Instant now) {
    ObjectNode view = of(stored);
    Budget budget = stored.key().budget();
    if (budget != null) {
      ObjectNode shown = of(budget);
      shown.put("used_usd", Usd.of(spent));
      shown.put("left_usd", Usd.of(Math.max(0, budget.nanoUsd() - spent)));
      Instant end = budget.period().end(now);
      shown.put("resets_at", end == null ? null : end.toString());
      view.set("budget", shown);
    }
    return view;
  }

  private static ObjectNode of(Budget budget) {
    return JSON.createObjectNode()
        .put("usd", Usd.of(budget.nanoUsd()))
        .put("period", budget.period().word());
  }

  /** The key that was just made, with its secret: the only time it is shown. */
  static ObjectNode of(IssuedKey issued) {
    return of(issued.stored()).put("key", issued.secret());
  }

  /** A list of keys. */
  static ObjectNode of(List<StoredKey> keys) {
    ObjectNode view = JSON.createObjectNode().put("object", "list");
    ArrayNode data = view.putArray("data");
    keys.forEach(key -> data.add(of(key)));
    return view;
  }

  /** The word that the key {@code id} is revoked. */
  static ObjectNode deleted(String id) {
    return JSON.createObjectNode().put("id", id).put("object", "api_key").put("deleted", true);
  }
}
