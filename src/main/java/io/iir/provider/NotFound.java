package io.iir.provider;

import io.iir.config.NearestName;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The 404 for a model that is not on offer: what is, and the nearest name. */
final class NotFound {

  private static final int SHOWN = 10;

  private NotFound() {}

  /** There is no provider of that name, only {@code providers}. */
  static ApiException provider(ModelName name, Collection<String> providers) {
    String nearest = NearestName.of(name.provider(), providers);
    return notFound(
        "provider_not_found",
        "there is no provider '%s' (of model '%s').%s Providers: %s."
            .formatted(
                Quoted.of(name.provider()),
                Quoted.of(name.id()),
                nearest == null ? "" : " Did you mean '%s'?".formatted(nearest),
                String.join(", ", providers)));
  }

  /**
   * The provider has no model of that name.
   *
   * @param ids the models that it has, as far as the caller may know
   * @param searched the ports at which no server was found, if that is why; else null
   */
  static ApiException model(ModelName name, List<String> ids, @Nullable String searched) {
    List<String> nearest = NearestName.of(name.id(), ids, SHOWN);
    String rest =
        searched != null
            ? " No model server was found on this machine at ports %s: start one, or configure iir.providers.local."
                .formatted(searched)
            : nearest.isEmpty()
                ? ""
                : " %s: %s."
                    .formatted(
                        ids.size() > SHOWN ? "The nearest of its " + ids.size() : "It has",
                        String.join(", ", nearest));
    return notFound(
        "model_not_found",
        "provider '%s' has no model '%s'.%s"
            .formatted(name.provider(), Quoted.of(name.model()), rest));
  }

  private static ApiException notFound(String code, String message) {
    return new ApiException(ApiError.invalid(404, code, message, "model"));
  }
}
