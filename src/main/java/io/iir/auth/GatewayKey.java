package io.iir.auth;

import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.LimitOverrides;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway itself asks models as. Nobody has a secret for it. */
public final class GatewayKey {

  /** The id of the account for comparisons of answers. */
  public static final String JUDGE = "key_judge";

  /** Its name, for people. */
  public static final String NAME = "judge";

  private GatewayKey() {}

  /** The account for comparisons of answers, which may spend {@code budget}; null: any amount. */
  public static ApiKey judge(@Nullable Budget budget) {
    return new ApiKey(
        JUDGE,
        NAME,
        null,
        List.of(ModelPattern.ALL),
        LimitOverrides.NONE,
        budget,
        Map.of(),
        null,
        Role.USER);
  }
}
