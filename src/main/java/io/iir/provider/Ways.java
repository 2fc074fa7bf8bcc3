package io.iir.provider;

import io.iir.config.ProviderSettings.Affinity;
import io.iir.config.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The ways to call one model: at which of its provider's endpoints, with which of its keys.
 * Thread-safe; what can be called is fixed.
 */
final class Ways {

  private final ProviderTraffic provider;
  private final List<Endpoint> endpoints;
  private final KeyRing keys;
  private final boolean sticky;
  private final List<List<Resolved>> resolved = new ArrayList<>();

  Ways(Resolved target, ProviderTraffic provider) {
    this.provider = provider;
    Provider of = target.provider();
    boolean own = target.onDemand() == null && target.baseUrl().equals(of.baseUrl());
    List<URI> urls = own ? of.baseUrls() : List.of(target.baseUrl());
    List<Secret> secrets = of.apiKeys();
    this.endpoints = urls.stream().map(provider::endpoint).toList();
    this.keys = provider.ring(secrets);
    this.sticky = of.fleet().affinity() == Affinity.PREFIX && urls.size() > 1;
    for (URI url : urls) {
      List<Resolved> here = new ArrayList<>();
      if (urls.size() == 1 && secrets.size() < 2) {
        here.add(target);
      } else if (secrets.isEmpty()) {
        here.add(new Resolved(of.at(url, null), url, target.upstream(), target.onDemand()));
      }
      for (int i = here.size(); i < secrets.size(); i++) {
        Provider one = of.at(url, secrets.get(i));
        here.add(new Resolved(one, url, target.upstream(), target.onDemand()));
      }
      resolved.add(here);
    }
  }

  ProviderTraffic provider() {
    return provider;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  KeyRing keys() {
    return keys;
  }

  /** Whether requests that begin alike go to the same endpoint. */
  boolean sticky() {
    return sticky;
  }

  /** Whether there is more than one endpoint. */
  boolean several() {
    return endpoints.size() > 1;
  }

  /** Whom to call at that endpoint with that key. */
  Resolved resolved(int endpoint, int key) {
    return resolved.get(endpoint).get(key);
  }

  /**
   * An endpoint that lets a call through.
   *
   * @param index which it is
   * @param permit what its breaker gave, to be given back; {@link Breaker#NONE}: nothing
   */
  record Place(int index, int permit) {}

  /**
   * An endpoint that is not in the mask {@code tried}, and its permit; null: there is none. One
   * that gives no permit, as it is ejected or others are trying it, only where none does: then that
   * may be wrong.
   *
   * @param hash decides where requests that are alike go
   */
  @Nullable Place take(long tried, long hash) {
    if (endpoints.size() == 1) {
      return tried == 0 ? new Place(0, Breaker.NONE) : null;
    }
    long all = (endpoints.size() == 64 ? -1L : (1L << endpoints.size()) - 1) & ~tried;
    long open = 0;
    for (long left = all; left != 0; left &= left - 1) {
      int i = Long.numberOfTrailingZeros(left);
      if (!endpoints.get(i).breaker().isShut()) {
        open |= 1L << i;
      }
    }
    for (long left = open; left != 0; ) {
      int i = pick(left, hash);
      int permit = endpoints.get(i).breaker().acquire();
      if (permit != Breaker.NONE) {
        return new Place(i, permit);
      }
      left &= ~(1L << i);
    }
    int any = pick(open == 0 ? all : open, hash);
    return any < 0 ? null : new Place(any, Breaker.NONE);
  }

  private int pick(long open, long hash) {
    int nearest = sticky ? Balance.nearest(endpoints, open, hash) : -1;
    return nearest >= 0 ? nearest : Balance.cheapest(endpoints, open, ThreadLocalRandom.current());
  }
}
