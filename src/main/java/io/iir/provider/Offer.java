package io.iir.provider;

import io.iir.config.ModelSettings;
import io.iir.config.Protocol;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
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
 * @param models what is listed, by its name in ids: what the operator declared, then the rest
 * @param baseUrls where each is by its upstream name, where not at the provider's own base URL
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
  static Offer of(Provider provider, ListState state, Map<String, ModelSettings> declared) {
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
        Model.State sure = state.fresh() ? Model.State.LISTED : Model.State.STALE;
        known.forEach(model -> models.put(model.name(), listed(provider, model, sure)));
        // A list that is empty tells no more than none.
        open = known.isEmpty() || provider.vendor().names() == Vendor.Names.OTHERS;
      }
    }
    boolean asked = provider.models() instanceof ModelPolicy.Discover;
    boolean remote = provider.protocol() == Protocol.OPENAI;
    Map<String, Model> all = withDeclared(provider, models, declared);
    return new Offer(
        provider,
        all,
        Map.of(),
        open,
        status(
            provider,
            remote ? List.of(provider.baseUrl()) : List.of(),
            asked ? state.words() : "fixed",
            all.size(),
            state));
  }

  /** The offer of servers that were found: a model that two have is the first one's. */
  static Offer of(
      Provider local,
      List<LocalServer> servers,
      ListState state,
      Map<String, ModelSettings> declared) {
    Map<String, Model> models = new LinkedHashMap<>();
    Map<String, URI> baseUrls = new HashMap<>();
    Set<URI> urls = new LinkedHashSet<>();
    for (LocalServer server : servers) {
      urls.add(server.baseUrl());
      for (ListedModel model : server.models()) {
        if (models.putIfAbsent(model.name(), listed(local, model, Model.State.LISTED)) == null) {
          baseUrls.put(model.name(), server.baseUrl());
        }
      }
    }
    Map<String, Model> all = models;
    if (!servers.isEmpty()) { // a model of no server cannot be called
      all = withDeclared(local, models, declared);
      all.values().forEach(model -> baseUrls.putIfAbsent(model.upstream(), urls.iterator().next()));
    }
    return new Offer(
        local,
        all,
        baseUrls,
        false,
        status(local, new ArrayList<>(urls), state.words(), all.size(), state));
  }

  /** Whom to call for {@code name}, or null if it is not on offer. */
  @Nullable Resolved find(String name) {
    Model model = named(name);
    String upstream =
        model != null ? model.upstream() : open || variant(name) != null ? name : null;
    return upstream == null
        ? null
        : new Resolved(provider, baseUrls.getOrDefault(upstream, provider.baseUrl()), upstream);
  }

  /**
   * The model that {@code name} means if it is on offer: listed or not. Of a variant what it shares
   * with the model that is listed is known.
   */
  Model model(String name) {
    Model listed = named(name);
    if (listed != null) {
      return listed;
    }
    Model base = variant(name);
    ModelFacts known = base == null ? ModelFacts.UNKNOWN : base.facts().ofVariant();
    return listed(provider, new ListedModel(name, 0, "", known), Model.State.UNLISTED);
  }

  /** The listed model of that name, or null; {@code :latest} goes without saying, as for Ollama. */
  private @Nullable Model named(String name) {
    Model model = models.get(name);
    return model != null ? model : models.get(name + ":latest");
  }

  /** The model that {@code name} is a variant of, or null. */
  private @Nullable Model variant(String name) {
    int colon = name.lastIndexOf(':');
    return provider.vendor().names() == Vendor.Names.VARIANTS && colon > 0
        ? models.get(name.substring(0, colon))
        : null;
  }

  private static ProviderStatus status(
      Provider provider, List<URI> baseUrls, String list, int models, ListState state) {
    String protocol = provider.protocol().name().toLowerCase(Locale.ROOT);
    return new ProviderStatus(
        provider.name(), protocol, List.copyOf(baseUrls), list, models, state.asked());
  }

  /** What an operator says of a model goes before what its provider says of it. */
  private static Map<String, Model> withDeclared(
      Provider provider, Map<String, Model> listed, Map<String, ModelSettings> declared) {
    Map<String, Model> all = new LinkedHashMap<>();
    declared.forEach((name, settings) -> {
      String upstream = settings.upstream() == null ? name : settings.upstream();
      Model same = listed.getOrDefault(upstream, listed.get(upstream + ":latest"));
      Model known = same == null ? configured(provider, upstream) : same;
      all.put(
          name,
          new Model(
              provider.name() + "/" + name,
              provider.name(),
              known.upstream(),
              known.created(),
              known.ownedBy(),
              known.state(),
              ModelFacts.of(settings).over(known.facts())));
    });
    Map<String, ModelFacts> byUpstream = new HashMap<>();
    all.values().forEach(model -> byUpstream.putIfAbsent(model.upstream(), model.facts()));
    listed.forEach((name, model) -> {
      ModelFacts said = byUpstream.get(model.upstream());
      all.putIfAbsent(name, said == null ? model : model.knownAs(said));
    });
    return all;
  }

  private static Model configured(Provider provider, String name) {
    return listed(
        provider, new ListedModel(name, 0, "", ModelFacts.UNKNOWN), Model.State.CONFIGURED);
  }

  private static Model listed(Provider provider, ListedModel model, Model.State state) {
    return new Model(
        provider.name() + "/" + model.name(),
        provider.name(),
        model.name(),
        model.created(),
        model.ownedBy().isEmpty() ? provider.name() : model.ownedBy(),
        state,
        priced(provider, model.facts()));
  }

  /** What runs on the operator's own machines costs nothing where nobody says otherwise. */
  private static ModelFacts priced(Provider provider, ModelFacts facts) {
    return facts.price() == null && !provider.isHosted() ? facts.priced(Price.FREE) : facts;
  }
}
