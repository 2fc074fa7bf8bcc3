package io.iir.provider;

import io.iir.config.ModelSettings;
import io.iir.config.Protocol;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
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
 * @param onDemand models that are started when a request needs them, by their names in ids
 * @param open whether names that are not listed are taken too
 * @param catalogue what is known of models beforehand
 * @param status how it is
 */
record Offer(
    Provider provider,
    Map<String, Model> models,
    Map<String, URI> baseUrls,
    Map<String, OnDemandModel> onDemand,
    boolean open,
    KnownModels catalogue,
    ProviderStatus status) {

  /** The offer of a provider that is asked for its models, or whose models are written down. */
  static Offer of(
      Provider provider,
      ListState state,
      Map<String, ModelSettings> declared,
      KnownModels catalogue) {
    Map<String, Model> models = new LinkedHashMap<>();
    Listing listing = new Listing(provider, catalogue);
    boolean open = false;
    switch (provider.models()) {
      case ModelPolicy.Any any -> {
        models.putAll(listing.catalogued());
        open = true;
      }
      case ModelPolicy.Listed listed -> {
        for (String name : listed.names()) {
          models.put(name, listing.named(name, Model.State.CONFIGURED));
        }
      }
      case ModelPolicy.Discover discover -> {
        List<ListedModel> known = state.models() == null ? List.of() : state.models();
        Model.State sure = state.fresh() ? Model.State.LISTED : Model.State.STALE;
        known.forEach(model -> models.put(model.name(), listing.listed(model, sure)));
        if (state.models() == null) {
          models.putAll(listing.catalogued());
        }
        // A list that is empty tells no more than none.
        open = known.isEmpty() || provider.vendor().names() == Vendor.Names.OTHERS;
      }
    }
    boolean asked = provider.models() instanceof ModelPolicy.Discover;
    boolean remote = provider.protocol() != Protocol.SIM;
    Map<String, Model> all = withDeclared(listing, models, declared);
    return new Offer(
        provider,
        all,
        Map.of(),
        Map.of(),
        open,
        catalogue,
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
      Map<String, ModelSettings> declared,
      KnownModels catalogue) {
    Map<String, Model> models = new LinkedHashMap<>();
    Listing listing = new Listing(local, catalogue);
    Map<String, URI> baseUrls = new HashMap<>();
    Set<URI> urls = new LinkedHashSet<>();
    for (LocalServer server : servers) {
      urls.add(server.baseUrl());
      for (ListedModel model : server.models()) {
        if (models.putIfAbsent(model.name(), listing.listed(model, Model.State.LISTED)) == null) {
          baseUrls.put(model.name(), server.baseUrl());
        }
      }
    }
    Map<String, Model> all = models;
    if (!servers.isEmpty()) { // a model of no server cannot be called
      all = withDeclared(listing, models, declared);
      all.values().forEach(model -> baseUrls.putIfAbsent(model.upstream(), urls.iterator().next()));
    }
    return new Offer(
        local,
        all,
        baseUrls,
        Map.of(),
        false,
        catalogue,
        status(local, new ArrayList<>(urls), state.words(), all.size(), state));
  }

  /**
   * This offer, and {@code started}, which are started when a request needs them and go before what
   * else has their names. Those that are ready come first, those that failed last.
   */
  Offer with(List<OnDemandModel> started, Map<String, ModelSettings> declared) {
    Map<OnDemandModel, Model.State> states = new HashMap<>(); // read once: they change
    started.forEach(model -> states.put(model, model.state()));
    Map<String, OnDemandModel> byName = new LinkedHashMap<>();
    started.stream()
        .sorted(
            Comparator.comparingInt(model -> distance(states.getOrDefault(model, model.state()))))
        .forEach(model -> byName.put(model.model(), model));
    Map<String, Model> all = new LinkedHashMap<>();
    byName.forEach((name, model) -> {
      if (model.state() == Model.State.READY) {
        all.put(name, onDemand(model, declared.get(name)));
      }
    });
    models.forEach((name, model) -> {
      if (!byName.containsKey(name) && !onDemand.containsKey(name)) {
        all.put(name, model);
      }
    });
    byName.forEach((name, model) -> all.putIfAbsent(name, onDemand(model, declared.get(name))));
    ProviderStatus now =
        new ProviderStatus(
            status.name(),
            status.protocol(),
            status.baseUrls(),
            status.list(),
            all.size(),
            status.asked(),
            status.kind());
    return new Offer(provider, all, baseUrls, byName, open, catalogue, now);
  }

  /** How far from answering: the less the better. */
  static int distance(Model.State state) {
    return switch (state) {
      case LOADING -> 1;
      case STOPPED -> 2;
      case FAILED -> 3;
      default -> 0;
    };
  }

  private Model onDemand(OnDemandModel model, @Nullable ModelSettings said) {
    Model known = new Listing(provider, catalogue).named(model.upstream(), model.state());
    return new Model(
        provider.name() + "/" + model.model(),
        provider.name(),
        model.upstream(),
        0,
        provider.name(),
        model.state(),
        said == null ? known.facts() : ModelFacts.of(said).over(known.facts()));
  }

  /** Whom to call for {@code name}, or null if it is not on offer. */
  @Nullable Resolved find(String name) {
    OnDemandModel started = onDemand.get(name);
    if (started != null) {
      URI url = started.provider().baseUrl();
      return new Resolved(started.provider(), url, started.upstream(), started);
    }
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
    return new Listing(provider, catalogue)
        .listed(new ListedModel(name, 0, "", known), Model.State.UNLISTED);
  }

  /** The listed model of that name, or null; {@code :latest} goes without saying, as for Ollama. */
  @Nullable Model named(String name) {
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
        provider.name(),
        protocol,
        List.copyOf(baseUrls),
        list,
        models,
        state.asked(),
        state.kind());
  }

  /** What an operator says of a model goes before what its provider says of it. */
  private static Map<String, Model> withDeclared(
      Listing listing, Map<String, Model> listed, Map<String, ModelSettings> declared) {
    String provider = listing.provider().name();
    Map<String, Model> all = new LinkedHashMap<>();
    declared.forEach((name, settings) -> {
      String upstream = settings.upstream() == null ? name : settings.upstream();
      Model same = listed.getOrDefault(upstream, listed.get(upstream + ":latest"));
      Model known = same == null ? listing.named(upstream, Model.State.CONFIGURED) : same;
      all.put(
          name,
          new Model(
              provider + "/" + name,
              provider,
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
}
