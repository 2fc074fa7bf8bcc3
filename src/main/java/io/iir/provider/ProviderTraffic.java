package io.iir.provider;

import io.iir.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What goes on at one provider: its endpoints, its keys, whether it is drained. Thread-safe. */
final class ProviderTraffic {

  private final String name;
  private final Breakers breakers;
  private final ConcurrentMap<URI, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final ConcurrentMap<List<Secret>, KeyRing> rings = new ConcurrentHashMap<>();
  private volatile boolean drained;

  ProviderTraffic(String name, Breakers breakers) {
    this.name = name;
    this.breakers = breakers;
  }

  /** Whether it is to get no new calls. */
  boolean drained() {
    return drained;
  }

  void drain() {
    drained = true;
  }

  /** It gets calls again; what was cooled or ejected is tried at once. */
  void enable() {
    drained = false;
    rings.values().forEach(ring -> ring.keys().forEach(ProviderKey::clear));
    endpoints.values().forEach(endpoint -> endpoint.breaker().tryNow());
  }

  /** How many of its endpoints are ejected. */
  int ejected() {
    return (int) endpoints.values().stream().filter(each -> each.breaker().isShut()).count();
  }

  /** How many of its keys are not used now. */
  int cooled() {
    long now = breakers.now();
    return rings.values().stream().mapToInt(ring -> ring.cooled(now)).sum();
  }

  long now() {
    return breakers.now();
  }

  /** What goes on at {@code url}. */
  Endpoint endpoint(URI url) {
    return endpoints.computeIfAbsent(
        url, place -> new Endpoint(place, breakers.kept(name, name + " at " + place)));
  }

  /** What becomes of {@code keys}. */
  KeyRing ring(List<Secret> keys) {
    return rings.computeIfAbsent(
        keys, all -> new KeyRing(all.stream().map(ProviderKey::new).toList()));
  }
}
