package io.iir.provider;

import io.iir.config.ModelSettings;
import io.iir.config.NearestName;
import io.iir.config.StartException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the operator says of models, by provider and by the model's name there, in the order of the
 * settings. Immutable.
 */
final class DeclaredModels {

  static final DeclaredModels NONE = new DeclaredModels(Map.of());

  private final Map<String, Map<String, ModelSettings>> byProvider;

  private DeclaredModels(Map<String, Map<String, ModelSettings>> byProvider) {
    this.byProvider = byProvider;
  }

  /**
   * The models that {@code settings} declare of {@code providers} and of known vendors.
   *
   * @throws StartException if a model is declared twice, or of a provider that nobody knows
   */
  static DeclaredModels of(List<ModelSettings> settings, Set<String> providers) {
    Set<String> known = new TreeSet<>(providers);
    Vendors.ALL.stream()
        .filter(vendor -> vendor.place() != Vendor.Place.MACHINE)
        .forEach(vendor -> known.add(vendor.name()));
    known.add(Provider.LOCAL);
    Map<String, Map<String, ModelSettings>> all = new LinkedHashMap<>();
    for (int i = 0; i < settings.size(); i++) {
      ModelSettings each = settings.get(i);
      if (!known.contains(each.provider())) {
        throw new StartException(unknownProvider(i, each, known));
      }
      var models = all.computeIfAbsent(each.provider(), provider -> new LinkedHashMap<>());
      if (models.putIfAbsent(each.model(), each) != null) {
        throw new StartException(
            "iir.models[%d].id = '%s' is given twice: say all of a model in one entry."
                .formatted(i, each.id()));
      }
    }
    return new DeclaredModels(all);
  }

  /** Those of {@code provider}, by their names there. */
  Map<String, ModelSettings> of(String provider) {
    return byProvider.getOrDefault(provider, Map.of());
  }

  private static String unknownProvider(int place, ModelSettings model, Set<String> known) {
    String nearest = NearestName.of(model.provider(), known);
    return "iir.models[%d].id = '%s' is of no provider%s."
        .formatted(
            place,
            model.id(),
            nearest == null
                ? " under iir.providers, nor of a vendor that is known"
                : ": did you mean '%s'?".formatted(nearest))
        .replace("?.", "?");
  }
}
