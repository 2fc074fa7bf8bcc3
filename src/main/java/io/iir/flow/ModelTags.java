package io.iir.flow;

import io.iir.metrics.BoundedTags;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.ModelMeters;
import io.iir.metrics.ModelTag;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * The meters of models. A model that is listed counts alone, at most 500 of them; all others of its
 * provider count together, so that a name that a client made up is in no meter. Thread-safe.
 */
@Component
final class ModelTags {

  private static final int MOST = 500;

  private final ProviderDirectory directory;
  private final FlowMeters meters;
  private final BoundedTags ids = new BoundedTags(MOST, List.of());
  private final ConcurrentMap<ModelName, ModelMeters> models = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, ModelMeters> others = new ConcurrentHashMap<>();
  private final ModelMeters unknown;

  /** Models that {@code directory} lists, in {@code meters}. */
  ModelTags(ProviderDirectory directory, FlowMeters meters) {
    this.directory = directory;
    this.meters = meters;
    this.unknown = meters.model(new ModelTag(BoundedTags.OTHER, BoundedTags.OTHER));
  }

  /** The meters of the model that requests call {@code name}. */
  ModelMeters of(ModelName name) {
    ModelMeters known = models.get(name);
    return known != null ? known : find(name);
  }

  private ModelMeters find(ModelName name) {
    String listed = directory.listedId(name);
    String id = listed == null ? BoundedTags.OTHER : ids.of(listed);
    if (!id.equals(BoundedTags.OTHER)) {
      return models.computeIfAbsent(name, one -> meters.model(new ModelTag(one.provider(), id)));
    }
    // An answer in the cache may be of a provider that is not configured any more.
    return directory.provider(name.provider()) == null
        ? unknown
        : others.computeIfAbsent(
            name.provider(), provider -> meters.model(new ModelTag(provider, BoundedTags.OTHER)));
  }
}
