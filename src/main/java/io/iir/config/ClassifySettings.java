package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told of requests, and how that is learned: <a
 * href="CLASSIFICATION.md">Classification</a>.
 *
 * @param model the trained classifier's file; {@code ~} is the home of its user. It is copied into
 *     the data directory at the start. Where it cannot be used, rules alone decide; null: the one
 *     that ships with the gateway
 * @param threshold where the category is less sure than this, 0..1, it is {@code general_chat}, or
 *     what the client's header {@code x-default-category} says
 * @param encoder whether the <a href="CLASSIFICATION.md#second-stage">second stage</a> is asked:
 *     {@code off}, {@code auto}, if the gateway was built with it, or {@code on}, without which the
 *     gateway does not start
 * @param encoderBelow the second stage is asked where the first is less sure than this, 0..1
 * @param encoderTimeout how long a request waits for the second stage; then the first stage's
 *     answer holds
 * @param encoderThreads how many texts the second stage reads at a time; four times as many may
 *     wait, and of more the first stage's answer holds
 * @param encoderKept of how many texts the second stage's answer is kept, 150 bytes each
 * @param refitEvery how often the <a href="CLASSIFICATION.md#feedback">calibration</a> of models is
 *     made anew, by one of the gateways that share a database; {@code 0s}: only on {@code POST
 *     /api/v1/classifier/refit}
 * @param feedbackWithin how long after an answer its client may say what it was worth
 * @param retryWithin a client that asks the same of a stronger model, by its name or for quality,
 *     within this time after an answer was not content with it; {@code 0s}: that says nothing
 * @param judge when a model compares answers
 */
public record ClassifySettings(
    @Nullable String model,
    @DefaultValue("0.24") @Min(0) @Max(1) double threshold,
    @DefaultValue("auto") Encoder encoder,
    @DefaultValue("0.8") @Min(0) @Max(1) double encoderBelow,
    @DefaultValue("100ms") @PositiveDuration Duration encoderTimeout,
    @DefaultValue("1") @Min(1) @Max(64) int encoderThreads,
    @DefaultValue("10000") @Min(0) @Max(1_000_000) int encoderKept,
    @DefaultValue("24h") @PositiveDuration(orZero = true, maxDays = 365) Duration refitEvery,
    @DefaultValue("7d") @PositiveDuration(maxDays = 365) Duration feedbackWithin,
    @DefaultValue("0s") @PositiveDuration(orZero = true) Duration retryWithin,
    @DefaultValue @Valid JudgeSettings judge) {

  /** Whether the second stage is asked. */
  public enum Encoder {
    /** Never. */
    OFF,
    /** If the gateway was built with it. */
    AUTO,
    /** Always: without it the gateway does not start. */
    ON
  }

  /** The threshold where nothing is said. */
  public static final double THRESHOLD = 0.24;

  public ClassifySettings {
    model = model == null || model.isBlank() ? null : model.strip();
  }

  /** The trained classifier's file; null: the one that ships with the gateway. */
  public @Nullable Path modelPath() {
    return model == null ? null : UserPath.of(model);
  }
}
