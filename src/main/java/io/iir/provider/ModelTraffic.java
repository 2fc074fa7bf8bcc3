package io.iir.provider;

import io.iir.config.IirProperties;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes on at each model: requests in flight, speed, failures. Kept by the model's name at its
 * provider, however clients call it. Thread-safe, without locks where calls begin and end.
 */
public final class ModelTraffic {

  /** Clients may invent names for providers that take any; beyond so many, nothing is kept. */
  private static final int MOST = 20_000;

  private final ConcurrentMap<ModelName, Load> loads = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, ProviderTraffic> providers = new ConcurrentHashMap<>();
  private final AtomicInteger local = new AtomicInteger();
  private final LongSupplier nanoClock;
  private final Breakers breakers;

  /** Traffic by the machine's own clock, with breakers that are set as usual. */
  public ModelTraffic() {
    this(System::nanoTime);
  }

  /** Traffic by {@code nanoClock}, in the terms of {@link System#nanoTime}. */
  ModelTraffic(LongSupplier nanoClock) {
    this(nanoClock, new Breakers(IirProperties.Breaker.DEFAULT, nanoClock, (name, state) -> {}));
  }

  /** Traffic by {@code nanoClock} that {@code breakers} watch. */
  ModelTraffic(LongSupplier nanoClock, Breakers breakers) {
    this.nanoClock = nanoClock;
    this.breakers = breakers;
  }

  /** {@link #tryBegin(Candidate, long)}, for one that may be called. */
  public ModelCall begin(Candidate model) {
    ModelCall call = tryBegin(model, 0);
    if (call == null) {
      throw new IllegalStateException(model + " " + model.whyNot().words());
    }
    return call;
  }

  /**
   * A call to {@code model} begins; whoever says so ends it, once. Null: it must not be called now,
   * and {@link Candidate#whyNot} tells why.
   *
   * @param hash the same for requests that are to go to the same endpoint; matters only where the
   *     model {@link Candidate#isSticky}
   */
  public @Nullable ModelCall tryBegin(Candidate model, long hash) {
    return ModelCall.begin(model.load(), model.ways(), model.isLocal() ? local : null, hash);
  }

  /**
   * As {@link #tryBegin}, where {@code model} is half open and other calls decide: for a request
   * that nobody else can answer. Null: it is not, or has been for too long.
   */
  public @Nullable ModelCall tryBeginBeside(Candidate model, long hash) {
    return ModelCall.beginBeside(model.load(), model.ways(), model.isLocal() ? local : null, hash);
  }

  /** What goes on at the provider of that name. */
  ProviderTraffic provider(String name) {
    return providers.computeIfAbsent(name, one -> new ProviderTraffic(one, breakers));
  }

  /** The models of the provider {@code name} that were called, with what goes on at each. */
  Map<ModelName, Load> models(String name) {
    Map<ModelName, Load> found = new TreeMap<>(Comparator.comparing(ModelName::id));
    loads.forEach((model, load) -> {
      if (model.provider().equals(name)) {
        found.put(model, load);
      }
    });
    return found;
  }

  /** How many requests the model is answering now. */
  public int inFlight(ModelName model) {
    Load load = loads.get(model);
    return load == null ? 0 : load.inFlight();
  }

  /** How many requests the models of local providers are answering now. */
  public int localInFlight() {
    return local.get();
  }

  /** The load of a model, which goes by its name at its provider. */
  Load of(ModelName model) {
    Load known = loads.get(model);
    String provider = model.provider();
    return known != null
        ? known
        : loads.size() < MOST
            ? loads.computeIfAbsent(
                model, name -> new Load(nanoClock, breakers.kept(provider, name.id())))
            : new Load(nanoClock, breakers.passing(provider, model.id()));
  }
}
