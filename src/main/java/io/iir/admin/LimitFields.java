package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.throttle.LimitOverrides;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the field {@code limits}. */
final class LimitFields {

  private static final List<String> FIELDS = List.of("rpm", "tpm", "concurrency");

  private LimitFields() {}

  /** The limits {@code old} with {@code node} merged into them; null clears all of them. */
  static LimitOverrides merge(LimitOverrides old, JsonNode node) {
    if (node.isNull()) {
      return LimitOverrides.NONE;
    }
    if (!node.isObject()) {
      throw Fields.invalid("limits", "must be an object, not " + Fields.kind(node));
    }
    Fields.checkNames(node, "limits.", FIELDS);
    return new LimitOverrides(
        merge(old.rpm(), node, "rpm"),
        merge(old.tpm(), node, "tpm"),
        merge(old.concurrency(), node, "concurrency"));
  }

  private static @Nullable Integer merge(@Nullable Integer old, JsonNode node, String field) {
    return node.has(field) ? Fields.count(node.path(field), "limits." + field) : old;
  }
}
