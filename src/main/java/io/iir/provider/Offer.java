package io.iir.provider;

import io.iir.config.Protocol;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one provider offers at one time. Immutable.
 *
 * @param provider who offers
 * @param models what is listed, by upstream name, in order
 * @param baseUrls where each is, where not at the provider's own base URL
 * @param open whether names that are not listed are taken too
 * @param status how it is
 */
record Offer(
    Provider provider,
    Map<String, Model> models,
    Map<String, URI> baseUrls,
    boolean open,
    ProviderStatus status) {

  /** The offer of a provider that is asked for its models, or whose models are written down. */
  static Offer of(Provider provider, ListState state) {
    Map<String, Model> models = new LinkedHashMap<>();
    boolean open = false;
    switch (provider.models()) {
      case ModelPolicy.Any any -> open = true;
      case ModelPolicy.Listed listed -> {
        for (String name : listed.names()) {
          models.put(name, configured(provider, name));
        }
      }
      case ModelPolicy.Discover discover -> {
        List<ListedModel> known = state.models() == null ? List.of() : state.models();
        Model.State sure = state.failure() == null ? Model.State.LISTED : Model.State.STALE;
        known.forEach(model -> models.put(model.name(), listed(provider, model, sure)));
        // A list that is empty tells no more than none.
        open = known.isEmpty() || provider.vendor().names() == Vendor.Names.OTHERS;
      }
    }
    boolean asked = provider.models() instanceof ModelPolicy.Discover;
    boolean remote = provider.protocol() == Protocol.OPENAI;
    return new Offer(
        provider,
        models,
        Map.of(),
        open,
        status(
            provider,
            remote ? List.of(provider.baseUrl()) : List.of(),
            asked ? state.words() : "fixed",
            models.size(),
            state));
  }

  /** The offer of servers that were found: a model that two have is the first one's. */
  static Offer of(Provider local, List<LocalServer> servers, ListState state) {
    Map<String, Model> models = new LinkedHashMap<>();
    Map<String, URI> baseUrls = new LinkedHashMap<>();
    Set<URI> all = new LinkedHashSet<>();
    for (LocalServer server : servers) {
      all.add(server.baseUrl());
      for (ListedModel model : server.models()) {
        if (models.putIfAbsent(model.name(), listed(local, model, Model.State.LISTED)) == null) {
          baseUrls.put(model.name(), server.baseUrl());
        }
      }
    }
    return new Offer(
        local,
        models,
        baseUrls,
        false,
        status(local, new ArrayList<>(all), state.words(), models.size(), state));
  }

  /** Whom to call for {@code name}, or null if it is not on offer. */
  @Nullable Resolved find(String name) {
    String upstream = upstream(name);
    return upstream == null
        ? null
        : new Resolved(provider, baseUrls.getOrDefault(upstream, provider.baseUrl()), upstream);
  }

  private @Nullable String upstream(String name) {
    if (models.containsKey(name)) {
      return name;
    }
    if (models.containsKey(name + ":latest")) { // Ollama's own rule
      return name + ":latest";
    }
    int colon = name.lastIndexOf(':');
    boolean variant =
        provider.vendor().names() == Vendor.Names.VARIANTS
            && colon > 0
            && models.containsKey(name.substring(0, colon));
    return open || variant ? name : null;
  }

  private static ProviderStatus status(
      Provider provider, List<URI> baseUrls, String list, int models, ListState state) {
    String protocol = provider.protocol().name().toLowerCase(Locale.ROOT);
    return new ProviderStatus(
        provider.name(), protocol, List.copyOf(baseUrls), list, models, state.asked());
  }

  private static Model configured(Provider provider, String name) {
    return listed(provider, new ListedModel(name, 0, "", Map.of()), Model.State.CONFIGURED);
  }

  private static Model listed(Provider provider, ListedModel model, Model.State state) {
    return new Model(
        provider.name() + "/" + model.name(),
        provider.name(),
        model.name(),
        model.created(),
        model.ownedBy().isEmpty() ? provider.name() : model.ownedBy(),
        state,
        model.facts());
  }
}
