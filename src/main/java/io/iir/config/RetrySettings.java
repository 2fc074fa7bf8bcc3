package io.iir.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When no target is left and one of them may be asked <a href="RESILIENCE.md#retries">once
 * more</a>.
 *
 * @param attempts how often a request's calls are made once more, in all; 0: never
 * @param backoff the bound of the random pause before the first of them; it doubles each time
 * @param maxPause no pause is longer. A provider whose {@code Retry-After} says more is not waited
 *     for: the client is told at once
 * @param budget how many retries there may be for each call to a provider on average, with a few
 *     besides for quiet times
 * @param timeouts whether a call that brought no first token or no answer in time is made once
 *     more, too
 */
public record RetrySettings(
    @DefaultValue("2") @Min(0) @Max(10) int attempts,
    @DefaultValue("250ms") @PositiveDuration Duration backoff,
    @DefaultValue("5s") @PositiveDuration Duration maxPause,
    @DefaultValue("0.2") @DecimalMin("0") @DecimalMax("1") double budget,
    @DefaultValue("false") boolean timeouts) {}
