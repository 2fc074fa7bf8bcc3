package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What you know of a model better than its provider and the catalogue: <a
 * href="#what-is-known-of-models">What is known of models</a>.
 *
 * @param id the model that the entry is about, {@code <provider>/<model>}
 * @param upstream the name that is sent to the provider; null: the model's name in {@code id}
 * @param context tokens of prompt and answer together; null: as its provider says
 * @param maxOutput tokens of an answer; null: as its provider says
 * @param price what it costs; null: as its provider says
 * @param quality how good its answers are, by your own measure; null: as the catalogue says, or
 *     unknown
 * @param capabilities all that it can do; to chat goes without saying where there is no other
 *     operation; null: as its provider says
 */
public record ModelSettings(
    @NotNull(message = "is missing: give <provider>/<model>")
        @Pattern(
            regexp =
                "[a-z0-9][a-z0-9-]*/[^\\s\\p{Cntrl}*]([^\\p{Cntrl}*]{0,400}[^\\s\\p{Cntrl}*])?",
            message = "must be <provider>/<model>")
        String id,
    @Nullable
        @Pattern(
            regexp = "[^\\s\\p{Cntrl}]([^\\p{Cntrl}]{0,400}[^\\s\\p{Cntrl}])?",
            message = "must be a model's name")
        String upstream,
    @Nullable @Min(1) Integer context,
    @Nullable @Min(1) Integer maxOutput,
    @Nullable @Valid Price price,
    @Nullable
        @DecimalMin(value = "0", message = "must be from 0 to 1")
        @DecimalMax(value = "1", message = "must be from 0 to 1")
        Double quality,
    @Nullable List<@NotNull(message = "must not be empty") Capability> capabilities) {

  /**
   * What a model costs, in USD a million tokens.
   *
   * @param input USD a million tokens of prompts; goes with {@code output}
   * @param output USD a million tokens of answers; goes with {@code input}
   */
  public record Price(
      @NotNull(message = "is missing: give USD a million tokens")
          @DecimalMin(value = "0", message = "must be from 0 to " + MOST)
          @DecimalMax(value = MOST, message = "must be from 0 to " + MOST)
          BigDecimal input,
      @NotNull(message = "is missing: give USD a million tokens")
          @DecimalMin(value = "0", message = "must be from 0 to " + MOST)
          @DecimalMax(value = MOST, message = "must be from 0 to " + MOST)
          BigDecimal output) {

    /** The highest price: beyond it something else was meant. */
    private static final String MOST = "1000000";
  }

  /** The provider that {@link #id} names. */
  public String provider() {
    return id.substring(0, id.indexOf('/'));
  }

  /** The model that {@link #id} names, without its provider. */
  public String model() {
    return id.substring(id.indexOf('/') + 1);
  }
}
