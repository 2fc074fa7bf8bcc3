package io.iir.provider;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What goes on at each model: requests in flight, speed, failures. Kept by the model's name at its
 * provider, however clients call it. Thread-safe, without locks where calls begin and end.
 */
public final class ModelTraffic {

  /** Clients may invent names for providers that take any; beyond so many, nothing is kept. */
  private static final int MOST = 20_000;

  private final ConcurrentMap<ModelName, Load> loads = new ConcurrentHashMap<>();
  private final AtomicInteger local = new AtomicInteger();
  private final LongSupplier nanoClock;

  /** Traffic by the machine's own clock. */
  public ModelTraffic() {
    this(System::nanoTime);
  }

  /** Traffic by {@code nanoClock}, in the terms of {@link System#nanoTime}. */
  ModelTraffic(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** A call to {@code model} begins; whoever says so ends it, once. */
  public ModelCall begin(Candidate model) {
    AtomicInteger group = model.isLocal() ? local : null;
    if (group != null) {
      group.incrementAndGet();
    }
    return new ModelCall(model.load(), group);
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
    return known != null
        ? known
        : loads.size() < MOST
            ? loads.computeIfAbsent(model, name -> new Load(nanoClock))
            : new Load(nanoClock);
  }
}
