package io.iir.provider;

import io.iir.config.NearestName;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model as clients name it: {@code <provider>/<model>}, split at the first slash, so that {@code
 * openrouter/meta-llama/llama-3-8b} is the model {@code meta-llama/llama-3-8b} of openrouter.
 *
 * @param provider the provider's name
 * @param model the model's name there
 */
public record ModelName(String provider, String model) {

  private static final int LENGTH = 512;
  private static final int SHOWN = 10;

  /**
   * The model that {@code text} names.
   *
   * @param usable ids to suggest from; asked only if {@code text} cannot be a name
   * @throws ApiException 400 {@code invalid_model_name} if there is no slash, a side is empty, or
   *     there are control characters
   */
  public static ModelName parse(String text, Supplier<? extends Collection<String>> usable) {
    String problem = problem(text);
    if (problem != null) {
      throw new ApiException(
          ApiError.invalid(400, "invalid_model_name", message(text, problem, usable), "model"));
    }
    int slash = text.indexOf('/');
    return new ModelName(text.substring(0, slash), text.substring(slash + 1));
  }

  /** True if {@code text} can name a model. */
  public static boolean isValid(String text) {
    return problem(text) == null;
  }

  private static @Nullable String problem(String text) {
    if (text.length() > LENGTH) {
      return "is longer than %d characters".formatted(LENGTH);
    }
    if (text.codePoints().anyMatch(ModelName::isControl)) {
      return "holds control characters";
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return "names no provider";
    }
    if (text.substring(0, slash).isBlank()) {
      return "has nothing before the slash";
    }
    return text.substring(slash + 1).isBlank() ? "has nothing after the slash" : null;
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }

  private static String message(
      String text, String problem, Supplier<? extends Collection<String>> usable) {
    Collection<String> ids = usable.get();
    String nearest = nearest(text, ids);
    List<String> first = ids.stream().limit(SHOWN).toList();
    return "model '%s' %s: write <provider>/<model>, or 'auto' to let the gateway choose.%s%s"
        .formatted(
            Quoted.of(text),
            problem,
            nearest == null ? "" : " Did you mean '" + nearest + "'?",
            first.isEmpty()
                ? ""
                : " Usable models%s: %s."
                    .formatted(
                        ids.size() > SHOWN
                            ? " (the first " + SHOWN + " of " + ids.size() + ")"
                            : "",
                        String.join(", ", first)));
  }

  /** The id whose model, with or without its own vendor's name, is nearest to {@code text}. */
  private static @Nullable String nearest(String text, Collection<String> ids) {
    Map<String, String> byForm = new LinkedHashMap<>();
    for (String id : ids) {
      if (byForm.size() >= NearestName.MOST) {
        break;
      }
      byForm.putIfAbsent(id, id);
      byForm.putIfAbsent(id.substring(id.indexOf('/') + 1), id);
      byForm.putIfAbsent(id.substring(id.lastIndexOf('/') + 1), id);
    }
    String form = NearestName.of(text, byForm.keySet());
    return form == null ? null : byForm.get(form);
  }

  /** {@code <provider>/<model>}. */
  public String id() {
    return provider + "/" + model;
  }

  @Override
  public String toString() {
    return id();
  }
}
