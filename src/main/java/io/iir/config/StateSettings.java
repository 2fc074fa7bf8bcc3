package io.iir.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * State that is kept outside of this process, in Redis and PostgreSQL, and what to do without it:
 * <a href="RESILIENCE.md#redis-and-the-database">Redis and the database</a>.
 *
 * @param timeout how long a call to Redis may take; then the request goes on without
 * @param onFailure whether requests go on while it is away, by what it is there for
 */
public record StateSettings(
    @DefaultValue("50ms") @PositiveDuration Duration timeout, @DefaultValue OnFailure onFailure) {

  /** Whether requests go on without it. */
  public enum Mode {
    /** They go on, by what this process knows alone. */
    OPEN,
    /** They are refused with 503. */
    CLOSED
  }

  /**
   * What each concern does without its state.
   *
   * @param limits while Redis is away: {@code open} holds each gateway to its part of the limits a
   *     minute (<a href="LIMITS.md#on-many-nodes">on many nodes</a>), {@code closed} refuses
   *     requests that have such a limit with 503
   * @param budgets the same for budgets; also where the ledger does not say what was spent
   * @param keys while the database is away: {@code open} lets keys in that were good within the
   *     last 10 minutes, {@code closed} refuses with 503
   * @param idempotency while the database is away: {@code open} answers without a look at whether
   *     the request is a repetition, {@code closed} refuses
   */
  public record OnFailure(
      @DefaultValue("open") Mode limits,
      @DefaultValue("open") Mode budgets,
      @DefaultValue("open") Mode keys,
      @DefaultValue("open") Mode idempotency) {}
}
