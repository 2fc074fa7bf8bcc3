package io.iir.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * A model as meters name it.
 *
 * @param provider its provider's name
 * @param model {@code <provider>/<model>}, or {@link BoundedTags#OTHER}
 */
public record ModelTag(String provider, String model) {

  /** No model was asked. */
  public static final ModelTag NONE = new ModelTag(BoundedTags.NONE, BoundedTags.NONE);

  /** The name of the provider's tag. */
  public static final String PROVIDER = "gen_ai.provider.name";

  /** The name of the model's tag. */
  public static final String MODEL = "gen_ai.request.model";

  /** As tags. */
  Tags tags() {
    return Tags.of(PROVIDER, provider, MODEL, model);
  }
}
