package io.iir.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Requests that carry an {@code Idempotency-Key}.
 *
 * @param ttl how long the first answer is given again
 * @param maxAnswer the longest answer that is kept; a longer one cannot be given again
 */
public record IdempotencySettings(
    @DefaultValue("24h") @PositiveDuration(maxDays = 30) Duration ttl,
    @DefaultValue("4MB") @SizeBetween(min = "1KB", max = "64MB") DataSize maxAnswer) {}
