package io.iir.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What requests ask for: <a href="CLASSIFICATION.md">Classification</a>.
 *
 * @param model the trained classifier's file; {@code ~} is the home of its user. It is copied into
 *     the data directory at the start. Where it cannot be used, rules alone decide; null: the one
 *     that ships with the gateway
 * @param threshold where the category is less sure than this, 0..1, it is {@code general_chat}, or
 *     what the client's header {@code x-default-category} says
 */
public record ClassifySettings(
    @Nullable String model, @DefaultValue("0.24") @Min(0) @Max(1) double threshold) {

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
