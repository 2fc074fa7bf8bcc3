package io.iir.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What requests ask for: <a href="CLASSIFICATION.md">Classification</a>.
 *
 * @param encoder whether the <a href="CLASSIFICATION.md#second-stage">second stage</a> is asked:
 *     {@code off}, {@code auto}, if the gateway was built with it, or {@code on}, without which the
 *     gateway does not start
 * @param encoderBelow the second stage is asked where the first is less sure than this, 0..1
 * @param encoderTimeout how long a request waits for the second stage; then the first stage's
 *     answer holds
 * @param encoderThreads how many texts the second stage reads at a time; four times as many may
 *     wait, and of more the first stage's answer holds
 * @param encoderKept of how many texts the second stage's answer is kept, 150 bytes each
 */
public record ClassifySettings(
    @DefaultValue("auto") Encoder encoder,
    @DefaultValue("0.8") @Min(0) @Max(1) double encoderBelow,
    @DefaultValue("100ms") @PositiveDuration Duration encoderTimeout,
    @DefaultValue("1") @Min(1) @Max(64) int encoderThreads,
    @DefaultValue("10000") @Min(0) @Max(1_000_000) int encoderKept) {

  /** Whether the second stage is asked. */
  public enum Encoder {
    /** Never. */
    OFF,
    /** If the gateway was built with it. */
    AUTO,
    /** Always: without it the gateway does not start. */
    ON
  }
}
