package io.iir.flow;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells what a client wishes: a model that it names, or one chosen by a strategy, which the model
 * {@code auto/<strategy>} or the header X-Routing-Strategy names. Thread-safe.
 */
@Component
public final class Wishes {

  /** The client named a model and gets that one. */
  public static final String PASS_THROUGH = "pass-through";

  private static final String AUTO = "auto";

  /** The strategies by the names that clients use after {@code auto/}. */
  private static final Map<String, String> SHORT = new LinkedHashMap<>();

  static {
    SHORT.put("cost", "cost-optimized");
    SHORT.put("quality", "quality-first");
    SHORT.put("local", "local-only");
    SHORT.put("fast", "fastest");
  }

  /**
   * A wish.
   *
   * @param provider the named model's provider, or {@code auto}
   * @param model the named model; empty with {@code auto}
   * @param strategy one of pass-through, auto, cost-optimized, quality-first, local-only, fastest
   */
  public record Wish(String provider, String model, String strategy) {}

  private final ProviderDirectory directory;

  /** Wishes for the models of {@code directory}, or one of its aliases. */
  public Wishes(ProviderDirectory directory) {
    this.directory = directory;
  }

  /** All strategies that a wish can have. */
  public static List<String> strategies() {
    return Stream.concat(Stream.of(PASS_THROUGH, AUTO), SHORT.values().stream()).toList();
  }

  /**
   * The wish of a request for {@code model} with the header {@code strategy}, which may be null.
   *
   * @param allowed the models that the caller may use: only they are suggested
   * @throws ApiException 400 if either is not a name; 404 if no such model is offered
   */
  Wish of(String model, @Nullable Object strategy, Predicate<String> allowed) {
    String asked = strategy == null ? "" : strategy.toString().trim();
    if (!asked.isEmpty() && !asked.equals(PASS_THROUGH) && !SHORT.containsValue(asked)) {
      throw ApiException.invalidRequest(
          "the strategy '%s' is unknown; X-Routing-Strategy is one of %s or %s"
              .formatted(asked, String.join(", ", SHORT.values()), PASS_THROUGH),
          "X-Routing-Strategy");
    }
    boolean chosen = !asked.isEmpty() && !asked.equals(PASS_THROUGH);
    String alias = directory.alias(model);
    String named = alias == null ? model : alias;
    if (named.equals(AUTO) || named.startsWith(AUTO + "/")) {
      return new Wish(AUTO, "", chosen ? asked : ofAuto(named));
    }
    ModelName name = directory.name(model, allowed);
    directory.resolve(name, allowed);
    return new Wish(name.provider(), name.model(), chosen ? asked : PASS_THROUGH);
  }

  /**
   * The model, {@code <provider>/<model>}, that a request for {@code model} with the header {@code
   * strategy} names and no other; null: it leaves the choice to the router. It need not exist.
   */
  @Nullable String exactly(String model, @Nullable Object strategy) {
    if (strategy != null && !strategy.toString().trim().equals(PASS_THROUGH)) {
      return null;
    }
    String alias = directory.alias(model);
    String named = alias == null ? model : alias;
    return named.startsWith(AUTO + "/") || named.indexOf('/') <= 0 ? null : named;
  }

  private static String ofAuto(String model) {
    if (model.equals(AUTO)) {
      return AUTO;
    }
    String strategy = SHORT.get(model.substring(AUTO.length() + 1));
    if (strategy == null) {
      throw new ApiException(
          ApiError.invalid(
              400,
              "invalid_model_name",
              "there is no model '%s'; use auto or auto/ and one of %s"
                  .formatted(model, String.join(", ", SHORT.keySet())),
              "model"));
    }
    return strategy;
  }
}
