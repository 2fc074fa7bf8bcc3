package io.iir.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes models of names in a provider's list: what the list says of them goes before what the
 * catalogue says.
 *
 * @param provider whose list
 * @param catalogue what is known beforehand
 */
record Listing(Provider provider, KnownModels catalogue) {

  /** The model of an entry. */
  Model listed(ListedModel model, Model.State state) {
    ModelFacts facts = model.facts().over(catalogue.facts(provider.name(), model.name()));
    return new Model(
        provider.name() + "/" + model.name(),
        provider.name(),
        model.name(),
        model.created(),
        model.ownedBy().isEmpty() ? provider.name() : model.ownedBy(),
        state,
        provider.isHosted() ? facts : facts.priced(model.facts().price()).orFree());
  }

  /** The model of that name, of which the provider says nothing. */
  Model named(String name, Model.State state) {
    return listed(new ListedModel(name, 0, "", ModelFacts.UNKNOWN), state);
  }

  /** What the catalogue knows a service on the Internet to have, by name. */
  Map<String, Model> catalogued() {
    Map<String, Model> all = new LinkedHashMap<>();
    List<String> names = provider.isHosted() ? catalogue.models(provider.name()) : List.of();
    names.forEach(name -> all.put(name, named(name, Model.State.CATALOGUE)));
    return all;
  }
}
