package io.iir.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told of requests, and how that is learned: <a
 * href="CLASSIFICATION.md">Classification</a>.
 *
 * @param refitEvery how often the <a href="CLASSIFICATION.md#feedback">calibration</a> of models is
 *     made anew, by one of the gateways that share a database; {@code 0s}: only on {@code POST
 *     /api/v1/classifier/refit}
 * @param feedbackWithin how long after an answer its client may say what it was worth
 * @param retryWithin a client that asks the same of a stronger model within this time after an
 *     answer was not content with it; {@code 0s}: that says nothing
 */
public record ClassifySettings(
    @DefaultValue("24h") @PositiveDuration(orZero = true, maxDays = 365) Duration refitEvery,
    @DefaultValue("7d") @PositiveDuration(maxDays = 365) Duration feedbackWithin,
    @DefaultValue("5m") @PositiveDuration(orZero = true) Duration retryWithin) {}
