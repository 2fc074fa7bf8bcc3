package io.iir.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Requests that carry an {@code Idempotency-Key}: <a href="IDEMPOTENCY.md">Idempotency</a>.
 *
 * @param ttl how long the first answer is given again
 * @param maxAnswer the longest such answer that is kept; a repetition after a longer one is
 *     refused. All answers that are not yet in the database take at most 16 times that much memory
 */
public record IdempotencySettings(
    @DefaultValue("24h") @PositiveDuration(maxDays = 30) Duration ttl,
    @DefaultValue("4MB") @SizeBetween(min = "1KB", max = "64MB") DataSize maxAnswer) {}
