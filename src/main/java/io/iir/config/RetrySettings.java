package io.iir.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When no target is left and one of them may be asked once more.
 *
 * @param attempts how often a request's calls are made once more, in all
 * @param backoff the bound of the random pause before the first of them; it doubles each time
 * @param maxPause no pause is longer: a provider that says {@code Retry-After} with more is not
 *     waited for
 * @param budget how many retries there may be for each call to a provider, on average
 * @param timeouts whether a call that brought nothing in time is made once more, too
 */
public record RetrySettings(
    @DefaultValue("2") @Min(0) @Max(10) int attempts,
    @DefaultValue("250ms") @PositiveDuration Duration backoff,
    @DefaultValue("5s") @PositiveDuration Duration maxPause,
    @DefaultValue("0.2") @DecimalMin("0") @DecimalMax("1") double budget,
    @DefaultValue("false") boolean timeouts) {}
