package io.iir.provider;

import io.iir.provider.ProviderReport.EndpointReport;
import io.iir.provider.ProviderReport.ErrorReport;
import io.iir.provider.ProviderReport.KeyReport;
import io.iir.provider.ProviderReport.ModelReport;
import io.iir.provider.ProviderReport.Percentiles;
import io.iir.provider.ProviderReport.State;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How providers are, and what an administrator does about it. Thread-safe. */
public final class ProviderHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderHealth.class);

  private final ProviderDirectory directory;
  private final ModelTraffic traffic;

  /** The health of the providers in {@code directory}. */
  public ProviderHealth(ProviderDirectory directory) {
    this.directory = directory;
    this.traffic = directory.traffic();
  }

  /** How each provider is, in the directory's order. */
  public List<ProviderReport> reports() {
    return directory.offers().stream().map(this::report).toList();
  }

  /** How the provider {@code name} is; null: there is none. */
  public @Nullable ProviderReport report(String name) {
    return directory.offers().stream()
        .filter(offer -> offer.provider().name().equals(name))
        .findFirst()
        .map(this::report)
        .orElse(null);
  }

  /** The provider gets no new calls; those that go on end as ever. False: there is none. */
  public boolean drain(String name) {
    if (directory.provider(name) == null) {
      return false;
    }
    traffic.provider(name).drain();
    LOG.info("provider {} is drained: it gets no new calls", name);
    return true;
  }

  /** The provider gets calls again; what failed before is tried anew. False: there is none. */
  public boolean enable(String name) {
    if (directory.provider(name) == null) {
      return false;
    }
    traffic.provider(name).enable();
    traffic.models(name).values().forEach(load -> load.breaker().tryNow());
    LOG.info("provider {} is enabled: it gets calls", name);
    return true;
  }

  private ProviderReport report(Offer offer) {
    Provider provider = offer.provider();
    ProviderTraffic here = traffic.provider(provider.name());
    List<EndpointReport> endpoints =
        urls(offer).stream().map(url -> report(here.endpoint(url))).toList();
    long now = here.now();
    List<KeyReport> keys =
        here.ring(provider.apiKeys()).keys().stream().map(key -> report(key, now)).toList();
    Map<ModelName, Load> loads = traffic.models(provider.name());
    List<ModelReport> models = new ArrayList<>();
    loads.forEach((name, load) -> {
      if (load.wasCalled()) {
        models.add(report(name, load));
      }
    });
    return new ProviderReport(
        provider.name(),
        provider.protocol().name().toLowerCase(Locale.ROOT),
        state(here.drained(), offer.status().isOk(), endpoints, keys, models),
        models.stream().mapToInt(ModelReport::inFlight).sum(),
        endpoints,
        keys,
        models,
        models.stream()
            .map(ModelReport::lastError)
            .filter(Objects::nonNull)
            .max(Comparator.comparing(ErrorReport::at))
            .orElse(null));
  }

  private static Set<URI> urls(Offer offer) {
    Set<URI> urls = new LinkedHashSet<>(offer.status().baseUrls());
    urls.addAll(offer.provider().fleet().otherUrls());
    return urls;
  }

  private static State state(
      boolean drained,
      boolean listed,
      List<EndpointReport> endpoints,
      List<KeyReport> keys,
      List<ModelReport> models) {
    if (drained) {
      return State.DRAINED;
    }
    long open = models.stream().filter(model -> model.breaker().equals("open")).count();
    long ejected = endpoints.stream().filter(each -> each.breaker().equals("open")).count();
    long cooled = keys.stream().filter(KeyReport::cooled).count();
    if ((open > 0 && open == models.size())
        || (ejected > 0 && ejected == endpoints.size())
        || (cooled > 0 && cooled == keys.size())) {
      return State.DOWN;
    }
    boolean trying =
        models.stream().anyMatch(model -> !model.breaker().equals("closed"))
            || endpoints.stream().anyMatch(each -> !each.breaker().equals("closed"));
    return trying || cooled > 0 || !listed ? State.DEGRADED : State.UP;
  }

  private static EndpointReport report(Endpoint endpoint) {
    return new EndpointReport(
        endpoint.url(),
        endpoint.breaker().word(),
        endpoint.inFlight(),
        endpoint.latencyNanos() / 1e6);
  }

  private static KeyReport report(ProviderKey key, long now) {
    boolean cooled = key.isCooled(now);
    long left = cooled ? Math.max(1, (key.until() - now) / 1_000_000_000) : 0;
    return new KeyReport(key.id(), cooled, key.status(), left);
  }

  private static ModelReport report(ModelName name, Load load) {
    Recent recent = load.recent();
    return new ModelReport(
        name.id(),
        load.breaker().word(),
        load.inFlight(),
        recent == null ? Percentiles.NONE : recent.firstTokenMillis(),
        recent == null ? Percentiles.NONE : recent.tokensPerSecond(),
        load.mishap());
  }
}
