package io.iir.catalog;

import io.iir.provider.ModelFacts;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue.
 *
 * @param id a model with open weights by its own name ({@code llama-3.1-8b-instruct}), a hosted one
 *     by {@code <provider>/<model>}
 * @param names other names under which providers list it, in small letters, compared with what they
 *     list without regard to case; for open weights, names at any provider
 * @param facts what is known of it
 * @param weights how it is built; null: its weights are not open
 * @param source where this is from, an address
 * @param asOf when it was looked up there
 */
public record CatalogModel(
    String id,
    List<String> names,
    ModelFacts facts,
    @Nullable OpenWeights weights,
    String source,
    LocalDate asOf) {

  public CatalogModel {
    names = List.copyOf(names);
  }
}
