package io.iir.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.LimitOverrides;
import io.iir.throttle.Period;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key as the table {@code api_keys} has it.
 *
 * @param prefix the beginning of its secret, for display
 */
public record StoredKey(ApiKey key, KeyHash hash, String prefix, Instant createdAt) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> STRING_MAP = new TypeReference<>() {};

  /** Reads a row: columns by name. */
  public static StoredKey of(Map<String, ?> row) {
    ApiKey key =
        new ApiKey(
            text(row, "id"),
            text(row, "name"),
            (String) row.get("team"),
            read(text(row, "models"), STRINGS).stream().map(ModelPattern::new).toList(),
            new LimitOverrides(
                integer(row, "rpm"), integer(row, "tpm"), integer(row, "concurrency")),
            budget(row),
            read(text(row, "tags"), STRING_MAP),
            instant(row, "expires_at"),
            Role.USER);
    return new StoredKey(
        key,
        new KeyHash(text(row, "key_hash")),
        text(row, "prefix"),
        Objects.requireNonNull(instant(row, "created_at")));
  }

  /** The row: all columns but {@code revoked_at}, by name. */
  public Map<String, @Nullable Object> toRow() {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", key.id());
    row.put("name", key.name());
    row.put("team", key.team());
    row.put("key_hash", hash.hex());
    row.put("prefix", prefix);
    row.put("models", write(key.models().stream().map(ModelPattern::text).toList()));
    row.put("rpm", key.limits().rpm());
    row.put("tpm", key.limits().tpm());
    row.put("concurrency", key.limits().concurrency());
    Budget budget = key.budget();
    row.put("budget_nano_usd", budget == null ? null : budget.nanoUsd());
    row.put("budget_period", budget == null ? null : budget.period().word());
    row.put("tags", write(key.tags()));
    row.put("created_at", createdAt.toEpochMilli());
    Instant expiresAt = key.expiresAt();
    row.put("expires_at", expiresAt == null ? null : expiresAt.toEpochMilli());
    return row;
  }

  private static @Nullable Budget budget(Map<String, ?> row) {
    return row.get("budget_nano_usd") instanceof Number nanoUsd
        ? new Budget(nanoUsd.longValue(), Period.of(text(row, "budget_period")))
        : null;
  }

  private static String text(Map<String, ?> row, String column) {
    return Objects.requireNonNull((String) row.get(column), column);
  }

  private static @Nullable Integer integer(Map<String, ?> row, String column) {
    return row.get(column) instanceof Number number ? (Integer) number.intValue() : null;
  }

  private static @Nullable Instant instant(Map<String, ?> row, String column) {
    return row.get(column) instanceof Number millis
        ? Instant.ofEpochMilli(millis.longValue())
        : null;
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the table api_keys holds JSON that cannot be read", e);
    }
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
