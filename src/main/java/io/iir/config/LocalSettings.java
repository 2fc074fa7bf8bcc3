package io.iir.config;

import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Models whose servers the gateway starts when a request needs them: <a href="LOCAL.md">Models on
 * demand</a>.
 *
 * @param maxMemory how much memory they may take together; null: what the machine has free
 * @param maxWait how long a request waits for a model that is being started; then 503 with {@code
 *     Retry-After}
 * @param models those that the gateway may start
 */
public record LocalSettings(
    @Nullable @SizeBetween(min = "1MB", max = "100TB") DataSize maxMemory,
    @DefaultValue("2m") @PositiveDuration Duration maxWait,
    @DefaultValue List<@Valid LocalModelSettings> models) {}
