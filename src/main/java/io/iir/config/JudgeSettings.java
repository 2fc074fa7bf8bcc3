package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a model <a href="CLASSIFICATION.md#a-judge">judges</a> answers.
 *
 * @param model the model that judges, {@code <provider>/<model>}; null: nothing is compared
 * @param sample of the requests that can be compared this share is, 0..1
 * @param pairs models whose answers are compared besides those that {@code auto/cost} chooses
 *     between
 * @param timeout how long each call to a model may take
 * @param maxConcurrent so many comparisons are made at a time
 * @param maxQueued so many may wait; more are dropped
 * @param budget what all comparisons may cost; null: the gateway's budget alone holds
 */
public record JudgeSettings(
    @Nullable @Pattern(regexp = JudgeSettings.MODEL, message = "must be <provider>/<model>")
        String model,
    @DefaultValue("0.01") @Min(0) @Max(1) double sample,
    @DefaultValue List<@Valid Two> pairs,
    @DefaultValue("60s") @PositiveDuration Duration timeout,
    @DefaultValue("2") @Min(1) @Max(64) int maxConcurrent,
    @DefaultValue("100") @Min(1) @Max(10_000) int maxQueued,
    @Nullable @Valid BudgetSettings budget) {

  static final String MODEL = "[^/\\s]+/\\S.*";

  /** Where nothing is said: nothing is compared. */
  public static final JudgeSettings OFF =
      new JudgeSettings(null, 0, List.of(), Duration.ofMinutes(1), 1, 1, null);

  public JudgeSettings {
    model = model == null || model.isBlank() ? null : model.strip();
    pairs = List.copyOf(pairs);
  }

  /**
   * Two models.
   *
   * @param weak the cheaper one, {@code <provider>/<model>}
   * @param strong the stronger one
   */
  public record Two(
      @NotNull @Pattern(regexp = MODEL, message = "must be <provider>/<model>") String weak,
      @NotNull @Pattern(regexp = MODEL, message = "must be <provider>/<model>") String strong) {}
}
