package io.iir.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * State that is kept outside of this process, in Redis and PostgreSQL, and what to do without it.
 *
 * @param timeout how long a call to Redis may take
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
   * @param limits rates: open divides them by the number of gateways known last
   * @param budgets the same for budgets
   * @param keys open lets keys in that were good within the last ten minutes
   * @param idempotency open answers without a look at whether the request was answered before
   */
  public record OnFailure(
      @DefaultValue("open") Mode limits,
      @DefaultValue("open") Mode budgets,
      @DefaultValue("open") Mode keys,
      @DefaultValue("open") Mode idempotency) {}
}
