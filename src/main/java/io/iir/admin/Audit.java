package io.iir.admin;

import io.iir.auth.KeySecret;
import io.iir.auth.StoredKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an administrator did, as parameters of {@code sql/audit.sql}. */
public record Audit(String actor, Instant at, SecureRandom random) {

  private static final int ID_LENGTH = 22;

  /**
   * The key's row with the audit entry's columns beside it: parameters for both statements.
   *
   * @param action such as {@code api_key.create}
   * @param detail a JSON object without secrets
   */
  Map<String, @Nullable Object> row(StoredKey key, String action, String detail) {
    Map<String, @Nullable Object> row = key.toRow();
    row.putAll(row(key.key().id(), action, detail));
    return row;
  }

  /**
   * The audit entry's columns.
   *
   * @param subject the id of what it was done to
   * @param action such as {@code rule.rollback}
   * @param detail a JSON object without secrets
   */
  public Map<String, @Nullable Object> row(String subject, String action, String detail) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", subject);
    row.put("audit_id", "audit_" + KeySecret.base62(random, ID_LENGTH));
    row.put("at", at.toEpochMilli());
    row.put("actor", actor);
    row.put("action", action);
    row.put("detail", detail);
    return row;
  }
}
