package io.iir.auth;

import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.LimitOverrides;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls and what it may do. Immutable; knows nothing of its secret.
 *
 * @param id {@code key_…}, the same for as long as the key lives
 * @param name for people; not unique
 * @param team whom it is counted with, if anyone
 * @param models what it may call; never empty
 * @param limits its own limits
 * @param budget what it may spend itself; null: as much as it likes
 * @param tags for rules and reports
 * @param expiresAt from when on it is refused; null for never
 */
public record ApiKey(
    String id,
    String name,
    @Nullable String team,
    List<ModelPattern> models,
    LimitOverrides limits,
    @Nullable Budget budget,
    Map<String, String> tags,
    @Nullable Instant expiresAt,
    Role role) {

  public ApiKey {
    models = List.copyOf(models);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** A key without a budget of its own. */
  public ApiKey(
      String id,
      String name,
      @Nullable String team,
      List<ModelPattern> models,
      LimitOverrides limits,
      Map<String, String> tags,
      @Nullable Instant expiresAt,
      Role role) {
    this(id, name, team, models, limits, null, tags, expiresAt, role);
  }

  /** True if this key may call the model {@code id}, {@code <provider>/<model>}. */
  public boolean mayCall(String id) {
    for (ModelPattern pattern : models) {
      if (pattern.matches(id)) {
        return true;
      }
    }
    return false;
  }

  /** True if it is refused at {@code now} because its time is over. */
  public boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
