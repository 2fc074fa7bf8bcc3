package io.iir.provider;

import io.iir.config.ModelSettings;
import io.iir.openai.ApiException;
import io.iir.openai.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for which model, now. Thread-safe: reads take the newest snapshot and never wait;
 * {@link Discovery} puts what it learns in. Longer than 300 lines because all that is asked of what
 * is offered is asked here; each answer is a few lines, and the work is done elsewhere.
 */
public final class ProviderDirectory {

  private final Map<String, String> aliases;
  private final String searched;
  private final DeclaredModels declared;
  private final KnownModels catalogue;
  private final ModelTraffic traffic;
  private volatile Map<String, Offer> offers;
  private volatile Plans plans = new Plans();
  private List<OnDemandModel> onDemand = List.of();
  private Map<String, ListState> states = Map.of();

  /** A directory of providers of which nothing is declared, with traffic of its own. */
  public ProviderDirectory(
      List<Provider> providers, List<Integer> localPorts, Map<String, String> aliases) {
    this(providers, localPorts, aliases, List.of(), new ModelTraffic());
  }

  /** A directory that knows of models what the operator and their providers say. */
  public ProviderDirectory(
      List<Provider> providers,
      List<Integer> localPorts,
      Map<String, String> aliases,
      List<ModelSettings> models,
      ModelTraffic traffic) {
    this(providers, localPorts, aliases, models, traffic, KnownModels.NONE);
  }

  /**
   * A directory that knows what settings say, and nothing that must be asked for.
   *
   * @param providers in the order in which they are listed
   * @param localPorts where servers are searched for; none: there is no search
   * @param aliases bare names, and the model or {@code auto} that each stands for
   * @param models what the operator says of models
   * @param traffic what goes on at them
   * @param catalogue what is known of them beforehand
   * @throws StartException if an alias stands for nothing that can be a model, or a model is
   *     declared twice or of no provider
   */
  public ProviderDirectory(
      List<Provider> providers,
      List<Integer> localPorts,
      Map<String, String> aliases,
      List<ModelSettings> models,
      ModelTraffic traffic,
      KnownModels catalogue) {
    this.catalogue = catalogue;
    this.aliases = Aliases.checked(aliases);
    this.traffic = traffic;
    this.declared =
        DeclaredModels.of(
            models, providers.stream().map(Provider::name).collect(Collectors.toSet()));
    Map<String, Offer> first = new LinkedHashMap<>();
    for (Provider provider : providers) {
      first.put(
          provider.name(),
          Offer.of(provider, ListState.NEVER_ASKED, declared.of(provider.name()), catalogue));
    }
    this.searched =
        localPorts.isEmpty() || first.containsKey(Provider.LOCAL)
            ? ""
            : String.join(", ", localPorts.stream().map(String::valueOf).toList());
    this.offers = searched.isEmpty() ? first : withLocal(first, List.of(), ListState.NEVER_ASKED);
  }

  /** Bare names, and what each stands for. */
  Map<String, String> aliases() {
    return aliases;
  }

  /** What is offered now. */
  Collection<Offer> offers() {
    return offers.values();
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
      throw NotFound.provider(name, now.keySet());
    }
    Resolved found = offer.find(name.model());
    if (found == null) {
      throw NotFound.model(name, ids(List.of(offer), allowed), emptySearch(offer));
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
    resolve(name, allowed);
    Offer offer = Objects.requireNonNull(offers.get(name.provider()));
    return offer.model(name.model());
  }

  /** The id of the listed model that {@code name} means; null: there is none. */
  public @Nullable String listedId(ModelName name) {
    Offer offer = offers.get(name.provider());
    Model listed = offer == null ? null : offer.named(name.model());
    return listed == null ? null : listed.id();
  }

  /** Listed models that can chat, of the providers that fit, in the order of {@link #models}. */
  public List<ModelName> candidates(Predicate<Provider> fits) {
    return candidates(fits, Operation.CHAT);
  }

  /** Listed models for {@code operation}, of the providers that fit, in the same order. */
  List<ModelName> candidates(Predicate<Provider> fits, Operation operation) {
    List<Model> all = new ArrayList<>();
    for (Offer offer : offers.values()) {
      if (fits.test(offer.provider()) && carries(offer.provider(), operation)) {
        all.addAll(offer.models().values());
      }
    }
    return OperationModels.likely(all, operation).stream().map(Model::name).toList();
  }

  private static boolean carries(Provider provider, Operation operation) {
    return provider.protocol().operations().contains(OperationModels.capability(operation));
  }

  /** The ids of the models on offer on this machine and in its private network. */
  public List<String> localModels() {
    return plans.localModels(this);
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
  public boolean searchesLocal() {
    return !searched.isEmpty();
  }

  /** The providers that are to be asked for their models. */
  public List<Provider> asked() {
    return providers().stream()
        .filter(provider -> provider.models() instanceof ModelPolicy.Discover)
        .filter(provider -> !searchesLocal() || !provider.name().equals(Provider.LOCAL))
        .toList();
  }

  /** What is known of the list of {@code provider}. */
  synchronized ListState list(String provider) {
    return states.getOrDefault(provider, ListState.NEVER_ASKED);
  }

  /** Puts in what came of asking {@code provider}; false if it is the same as before. */
  synchronized boolean learn(Provider provider, ModelListClient.Answer answer, Instant at) {
    ListState before = list(provider.name());
    ListState state =
        switch (answer) {
          case ModelListClient.Answer.Models list ->
              before.listed(list.models(), at).by(list.kind().word());
          case ModelListClient.Answer.Failed failed -> before.failed(failed.reason(), at);
          case ModelListClient.Answer.Silent silent -> before.failed(silent.reason(), at);
        };
    put(provider, state);
    return !state.words().equals(before.words());
  }

  /** Puts in the list that {@code provider} gave before the gateway's start. */
  synchronized void keep(Provider provider, KeptLists.KeptList list) {
    put(provider, ListState.kept(list));
  }

  private void put(Provider provider, ListState state) {
    Map<String, ListState> learned = new LinkedHashMap<>(states);
    learned.put(provider.name(), state);
    states = learned;
    Map<String, Offer> next = new LinkedHashMap<>(offers);
    next.put(provider.name(), Offer.of(provider, state, declared.of(provider.name()), catalogue));
    offer(next);
  }

  /** Puts in which servers are on this machine now. */
  synchronized void found(List<LocalServer> servers, Instant at) {
    ListState state = ListState.NEVER_ASKED.listed(List.of(), at);
    String kinds =
        servers.stream().map(one -> one.kind().word()).distinct().collect(Collectors.joining(", "));
    offer(withLocal(offers, servers, kinds.isEmpty() ? state : state.by(kinds)));
  }

  /** Puts in the models of this machine that are started when a request needs them. */
  public synchronized void onDemand(List<OnDemandModel> models) {
    onDemand = List.copyOf(models);
    offer(offers);
  }

  /** The state of such a model has changed. */
  public synchronized void onDemandChanged() {
    offer(offers);
  }

  /** From now on {@code next} is what is offered, by provider. */
  synchronized void offer(Map<String, Offer> next) {
    if (onDemand.isEmpty()) {
      offers = next;
    } else {
      Map<String, Offer> all =
          next.containsKey(Provider.LOCAL)
              ? new LinkedHashMap<>(next)
              : withLocal(next, nothingLocal());
      Map<String, ModelSettings> said = declared.of(Provider.LOCAL);
      all.computeIfPresent(Provider.LOCAL, (name, offer) -> offer.with(onDemand, said));
      offers = all;
    }
    plans = new Plans();
  }

  /** What {@code targets} mean now, worked out once for each change of what is offered. */
  Plan plan(TargetList targets, Needs needs) {
    return plans.plan(targets, needs, this);
  }

  /**
   * The model of that name, with what is known of it and what goes on there; null if it is not on
   * offer.
   */
  public @Nullable Candidate candidate(ModelName name) {
    return plans.candidate(name, this);
  }

  /** As {@link #candidate}, worked out. */
  @Nullable Candidate newCandidate(ModelName name) {
    Offer offer = offers.get(name.provider());
    Resolved resolved = offer == null ? null : offer.find(name.model());
    if (offer == null || resolved == null) {
      return null;
    }
    ModelName upstream =
        resolved.onDemand() != null ? name : new ModelName(name.provider(), resolved.upstream());
    ModelFacts facts = offer.model(name.model()).facts();
    return new Candidate(
        name,
        resolved,
        facts,
        traffic.of(upstream),
        new Ways(resolved, traffic.provider(resolved.provider().name())));
  }

  /** What the model of that name costs; null if that is not known, or the model is not on offer. */
  public @Nullable Price price(ModelName name) {
    Candidate model = candidate(name);
    return model == null ? null : model.facts().price();
  }

  /** What goes on at the models. */
  public ModelTraffic traffic() {
    return traffic;
  }

  /** Servers that are found come after what was configured and before the simulator. */
  private Map<String, Offer> withLocal(
      Map<String, Offer> offers, List<LocalServer> servers, ListState state) {
    Provider local = Provider.openai(Provider.LOCAL, LocalServers.host());
    return withLocal(
        offers, Offer.of(local, servers, state, declared.of(Provider.LOCAL), catalogue));
  }

  /** What this machine offers where servers are not searched for. */
  private Offer nothingLocal() {
    Provider local =
        Provider.openai(Provider.LOCAL, LocalServers.host())
            .with(new ModelPolicy.Listed(List.of()));
    return Offer.of(local, ListState.NEVER_ASKED, Map.of(), catalogue);
  }

  private static Map<String, Offer> withLocal(Map<String, Offer> offers, Offer offer) {
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

  private static List<String> ids(Collection<Offer> offers, Predicate<String> allowed) {
    return offers.stream()
        .flatMap(offer -> offer.models().values().stream())
        .map(Model::id)
        .filter(allowed)
        .toList();
  }

  /** The ports at which no server was found, where that is why {@code offer} has no model. */
  private @Nullable String emptySearch(Offer offer) {
    boolean none =
        offer.provider().name().equals(Provider.LOCAL)
            && searchesLocal()
            && offer.models().isEmpty();
    return none ? searched : null;
  }
}
