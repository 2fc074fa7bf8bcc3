package io.iir.throttle;

import org.jspecify.annotations.Nullable;

/** The limits that one key sets for itself; a part that is null falls back to the defaults. */
public record LimitOverrides(
    @Nullable Integer rpm, @Nullable Integer tpm, @Nullable Integer concurrency) {

  /** Every part falls back to the defaults. */
  public static final LimitOverrides NONE = new LimitOverrides(null, null, null);

  /** The limits that hold, given {@code defaults} for the parts left open. */
  public Limits over(Limits defaults) {
    return new Limits(
        rpm == null ? defaults.rpm() : rpm,
        tpm == null ? defaults.tpm() : tpm,
        concurrency == null ? defaults.concurrency() : concurrency);
  }
}
