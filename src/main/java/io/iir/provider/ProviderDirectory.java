package io.iir.provider;

import io.iir.config.NearestName;
import io.iir.config.StartException;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for which model, now. Thread-safe: reads take the newest snapshot and never wait;
 * {@link Discovery} puts what it learns in.
 */
public final class ProviderDirectory {

  private static final int SHOWN = 10;
  private static final int MOST_EXPANSIONS = 1000;

  /**
   * What is expanded.
   *
   * @param targets what the rules say
   * @param allowed what the caller may use
   */
  private record Expansion(TargetList targets, List<ModelPattern> allowed) {}

  private final Map<String, String> aliases;
  private final String searched;
  private volatile Map<String, Offer> offers;
  private volatile Map<Expansion, List<ModelName>> expansions = new ConcurrentHashMap<>();
  private volatile @Nullable List<String> localModels;
  private Map<String, ListState> states = Map.of();

  /**
   * A directory that knows what settings say, and nothing that must be asked for.
   *
   * @param providers in the order in which they are listed
   * @param localPorts where servers are searched for; none: there is no search
   * @param aliases bare names, and the model or {@code auto} that each stands for
   * @throws StartException if an alias stands for nothing that can be a model
   */
  public ProviderDirectory(
      List<Provider> providers, List<Integer> localPorts, Map<String, String> aliases) {
    this.aliases = Map.copyOf(aliases);
    aliases.forEach(ProviderDirectory::checkAlias);
    Map<String, Offer> first = new LinkedHashMap<>();
    for (Provider provider : providers) {
      first.put(provider.name(), Offer.of(provider, ListState.NEVER_ASKED));
    }
    this.searched =
        localPorts.isEmpty() || first.containsKey(Provider.LOCAL)
            ? ""
            : String.join(", ", localPorts.stream().map(String::valueOf).toList());
    this.offers = searched.isEmpty() ? first : withLocal(first, List.of(), ListState.NEVER_ASKED);
  }

  /** What the alias {@code name} stands for, or null if it is none. */
  public @Nullable String alias(String name) {
    return aliases.get(name);
  }

  /**
   * The model that {@code text}, a name or an alias, names; it need not exist.
   *
   * @param allowed which models the caller may know of
   * @throws ApiException 400 {@code invalid_model_name}
   */
  public ModelName name(String text, Predicate<String> allowed) {
    String target = aliases.getOrDefault(text, text);
    return ModelName.parse(target, () -> ids(offers.values(), allowed));
  }

  /** {@link #resolve(ModelName, Predicate)} for a caller who may know of all models. */
  public Resolved resolve(ModelName name) {
    return resolve(name, ModelPattern.ALL::matches);
  }

  /**
   * Whom to call for {@code name}.
   *
   * @param allowed which models the caller may know of; only they are suggested
   * @throws ApiException 404 {@code provider_not_found} or {@code model_not_found}
   */
  public Resolved resolve(ModelName name, Predicate<String> allowed) {
    Map<String, Offer> now = offers;
    Offer offer = now.get(name.provider());
    if (offer == null) {
      throw noProvider(name, now.keySet());
    }
    Resolved found = offer.find(name.model());
    if (found == null) {
      throw noModel(name, offer, allowed);
    }
    return found;
  }

  /** The listed models, provider by provider; the order changes only with what is offered. */
  public List<Model> models() {
    List<Model> all = new ArrayList<>();
    offers.values().forEach(offer -> all.addAll(offer.models().values()));
    return all;
  }

  /**
   * The model of that id: listed, or unlisted if its provider takes any name.
   *
   * @throws ApiException 400 or 404, as {@link #name} and {@link #resolve}
   */
  public Model model(String id, Predicate<String> allowed) {
    ModelName name = name(id, allowed);
    Resolved resolved = resolve(name, allowed);
    Offer offer = offers.get(name.provider());
    Model listed = offer == null ? null : offer.models().get(resolved.upstream());
    return listed != null
        ? listed
        : new Model(
            name.id(),
            name.provider(),
            resolved.upstream(),
            0,
            name.provider(),
            Model.State.UNLISTED,
            Map.of());
  }

  /** Listed models that can chat, of the providers that fit, in the order of {@link #models}. */
  public List<ModelName> candidates(Predicate<Provider> fits) {
    List<ModelName> all = new ArrayList<>();
    for (Offer offer : offers.values()) {
      if (fits.test(offer.provider())) {
        offer.models().values().stream()
            .filter(ChatModels::likely)
            .map(Model::name)
            .forEach(all::add);
      }
    }
    return all;
  }

  /** The ids of the models on offer on this machine and in its private network. */
  public List<String> localModels() {
    List<String> known = localModels;
    if (known == null) {
      known = candidates(Provider::isLocal).stream().map(ModelName::id).toList();
      localModels = known;
    }
    return known;
  }

  /** The provider of that name, or null. */
  public @Nullable Provider provider(String name) {
    Offer offer = offers.get(name);
    return offer == null ? null : offer.provider();
  }

  /** All providers, in order. */
  public List<Provider> providers() {
    return offers.values().stream().map(Offer::provider).toList();
  }

  /** How each provider is, in order. */
  public List<ProviderStatus> status() {
    return offers.values().stream().map(Offer::status).toList();
  }

  /** True if servers on this machine are to be searched for. */
  boolean searchesLocal() {
    return !searched.isEmpty();
  }

  /** The providers that are to be asked for their models. */
  List<Provider> asked() {
    return providers().stream()
        .filter(provider -> provider.models() instanceof ModelPolicy.Discover)
        .filter(provider -> !searchesLocal() || !provider.name().equals(Provider.LOCAL))
        .toList();
  }

  /** True if the last time {@code provider} was asked, it gave no list. */
  synchronized boolean failed(String provider) {
    ListState state = states.get(provider);
    return state != null && state.failure() != null;
  }

  /** Puts in what came of asking {@code provider}; false if it is the same as before. */
  synchronized boolean learn(Provider provider, ModelListClient.Answer answer, Instant at) {
    ListState before = states.getOrDefault(provider.name(), ListState.NEVER_ASKED);
    ListState state =
        switch (answer) {
          case ModelListClient.Answer.Models list -> before.listed(list.models(), at);
          case ModelListClient.Answer.Failed failed -> before.failed(failed.reason(), at);
          case ModelListClient.Answer.Silent silent -> before.failed(silent.reason(), at);
        };
    Map<String, ListState> learned = new LinkedHashMap<>(states);
    learned.put(provider.name(), state);
    states = learned;
    Map<String, Offer> next = new LinkedHashMap<>(offers);
    next.put(provider.name(), Offer.of(provider, state));
    offer(next);
    return !state.words().equals(before.words());
  }

  /** Puts in which servers are on this machine now. */
  synchronized void found(List<LocalServer> servers, Instant at) {
    offer(withLocal(offers, servers, ListState.NEVER_ASKED.listed(List.of(), at)));
  }

  private void offer(Map<String, Offer> next) {
    offers = next;
    localModels = null;
    expansions = new ConcurrentHashMap<>();
  }

  /**
   * The models that {@code targets} mean now of those {@code allowed}: worked out once for each
   * change of what is offered.
   */
  List<ModelName> expanded(TargetList targets, List<ModelPattern> allowed) {
    Map<Expansion, List<ModelName>> known = expansions;
    Expansion wanted = new Expansion(targets, allowed);
    List<ModelName> names = known.get(wanted);
    if (names == null) {
      names = targets.expandNow(this, allowed);
      if (known.size() < MOST_EXPANSIONS) {
        known.put(wanted, names);
      }
    }
    return names;
  }

  /** Servers that are found come after what was configured and before the simulator. */
  private static Map<String, Offer> withLocal(
      Map<String, Offer> offers, List<LocalServer> servers, ListState state) {
    Provider local = Provider.openai(Provider.LOCAL, LocalServers.host());
    Offer offer = Offer.of(local, servers, state);
    Map<String, Offer> next = new LinkedHashMap<>();
    offers.forEach((name, one) -> {
      if (name.equals(Provider.SIM)) {
        next.put(Provider.LOCAL, offer);
      }
      next.put(name, name.equals(Provider.LOCAL) ? offer : one);
    });
    next.putIfAbsent(Provider.LOCAL, offer);
    return next;
  }

  private static void checkAlias(String alias, String target) {
    boolean auto = target.equals("auto") || target.startsWith("auto/");
    if (!auto && !ModelName.isValid(target)) {
      throw new StartException(
          "iir.aliases.%s = '%s' must be <provider>/<model> or auto.".formatted(alias, target));
    }
  }

  private static List<String> ids(Collection<Offer> offers, Predicate<String> allowed) {
    return offers.stream()
        .flatMap(offer -> offer.models().values().stream())
        .map(Model::id)
        .filter(allowed)
        .toList();
  }

  private static ApiException noProvider(ModelName name, Collection<String> providers) {
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

  private ApiException noModel(ModelName name, Offer offer, Predicate<String> allowed) {
    List<String> ids = ids(List.of(offer), allowed);
    boolean none =
        name.provider().equals(Provider.LOCAL) && searchesLocal() && offer.models().isEmpty();
    List<String> nearest = NearestName.of(name.id(), ids, SHOWN);
    String rest =
        none
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
