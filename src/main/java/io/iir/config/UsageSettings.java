package io.iir.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The <a href="USAGE.md">ledger</a> of what requests used.
 *
 * @param batch the most rows that are written to the database at once
 * @param flush how long a row waits at most before it is written, while the database keeps up
 * @param retention how long rows are kept; the sums of each day stay for good
 */
public record UsageSettings(
    @DefaultValue("1000") @Min(1) @Max(100_000) int batch,
    @DefaultValue("200ms") @PositiveDuration Duration flush,
    @DefaultValue("400d") @PositiveDuration(maxDays = 36_500) Duration retention) {}
