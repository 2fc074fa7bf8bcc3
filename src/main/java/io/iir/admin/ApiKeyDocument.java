package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.auth.ApiKey;
import io.iir.auth.Role;
import io.iir.metrics.BoundedTags;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.LimitOverrides;
import io.iir.throttle.Period;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator sends to create or change a key: {@code {"name", "team", "models",
 * "limits": {"rpm", "tpm", "concurrency"}, "budget": {"usd", "period"}, "tags": {}, "expires_at"}}.
 * Immutable.
 *
 * <p>A change merges into what there is as RFC 7396 has it: a field left out stays, null clears.
 * Whatever is wrong is an {@link ApiException}: 400 with the field in {@code param}.
 */
final class ApiKeyDocument {

  private static final List<String> FIELDS =
      List.of("name", "team", "models", "limits", "budget", "tags", "expires_at");

  private final JsonNode root;

  private ApiKeyDocument(JsonNode root) {
    this.root = root;
  }

  /** Reads {@code body}; the fields' values are checked when they are used. */
  static ApiKeyDocument parse(byte @Nullable [] body) {
    JsonNode root = JsonBody.parse(body);
    Fields.checkNames(root, "", FIELDS);
    return new ApiKeyDocument(root);
  }

  /** The new key {@code id}, as this document describes it. */
  ApiKey create(String id, Instant now) {
    if (!root.has("name")) {
      throw ApiException.invalidRequest("'name' is missing: a key needs a name.", "name");
    }
    return applyTo(blank(id, null), now);
  }

  /**
   * Refuses a change that can be merged into no key at all, so that the database is not asked for
   * nothing.
   */
  void check(Instant now) {
    applyTo(blank("key", new Budget(1, Period.MONTH)), now);
  }

  /** The key {@code key} with this document merged into it. */
  ApiKey applyTo(ApiKey key, Instant now) {
    JsonNode limits = root.path("limits");
    return new ApiKey(
        key.id(),
        root.has("name") ? Fields.name(root.path("name"), "name") : key.name(),
        root.has("team") ? team(root.path("team")) : key.team(),
        root.has("models") ? models(root.path("models")) : key.models(),
        root.has("limits") ? LimitFields.merge(key.limits(), limits) : key.limits(),
        root.has("budget") ? BudgetFields.merge(key.budget(), root.path("budget")) : key.budget(),
        root.has("tags") ? TagFields.merge(key.tags(), root.path("tags")) : key.tags(),
        root.has("expires_at") ? Fields.future(root.path("expires_at"), now) : key.expiresAt(),
        key.role());
  }

  /** The document as it was sent, for the audit log. */
  String text() {
    return root.toString();
  }

  private static ApiKey blank(String id, @Nullable Budget budget) {
    return new ApiKey(
        id,
        "",
        null,
        List.of(ModelPattern.ALL),
        LimitOverrides.NONE,
        budget,
        Map.of(),
        null,
        Role.USER);
  }

  private static @Nullable String team(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    String team = Fields.name(node, "team");
    if (team.equals(BoundedTags.NONE) || team.equals(BoundedTags.OTHER)) {
      throw Fields.invalid("team", "must not be 'none' or 'other', which mean others in metrics");
    }
    return team;
  }

  private static List<ModelPattern> models(JsonNode node) {
    return node.isNull() ? List.of(ModelPattern.ALL) : Fields.models(node);
  }
}
