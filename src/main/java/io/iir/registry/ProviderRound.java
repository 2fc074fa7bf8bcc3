package io.iir.registry;

import io.iir.provider.Discovery;
import io.iir.provider.Discovery.Asked;
import io.iir.provider.ListedModel;
import io.iir.provider.LocalServer;
import io.iir.provider.ModelPolicy;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.ProviderStatus;
import io.iir.registry.KnownProvider.State;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks providers side by side, each at most five seconds, and keeps what they say. Blocks. */
record ProviderRound(ProviderDirectory directory, Discovery discovery, Registry registry) {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderRound.class);

  /** Asks {@code providers}, and tells {@code refresh} of each when it has answered. */
  List<ProviderResult> ask(List<Provider> providers, Refresh refresh) throws InterruptedException {
    List<ProviderResult> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ProviderResult>> asked = new ArrayList<>();
      for (Provider provider : providers) {
        asked.add(
            threads.submit(() -> {
              ProviderResult result = askSafely(provider);
              refresh.tell("provider", result.toJson());
              return result;
            }));
      }
      for (Future<ProviderResult> each : asked) {
        results.add(each.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a provider could not be asked", e.getCause());
    }
    return results;
  }

  /** What fails here of one provider does not keep the others from being asked and kept. */
  private ProviderResult askSafely(Provider provider) throws InterruptedException {
    long start = System.nanoTime();
    try {
      return ask(provider);
    } catch (RuntimeException e) {
      LOG.error("what provider {} lists could not be read or kept", provider.name(), e);
      return failed(provider, "what it lists could not be kept: the gateway's log says why", start);
    }
  }

  private ProviderResult ask(Provider provider) throws InterruptedException {
    long start = System.nanoTime();
    if (directory.searchesLocal() && provider.name().equals(Provider.LOCAL)) {
      return kept(provider, merged(discovery.search()), State.OK, start);
    }
    if (!(provider.models() instanceof ModelPolicy.Discover)) {
      return kept(provider, List.of(), State.FIXED, start);
    }
    Asked answer = discovery.ask(provider);
    List<ListedModel> models = answer.models();
    if (models != null) {
      return kept(provider, models, State.OK, start);
    }
    String error = String.valueOf(answer.failure());
    registry.failed(provider, error, answer.at());
    return failed(provider, error, start);
  }

  private ProviderResult failed(Provider provider, String error, long start) {
    Changes none = new Changes(0, List.of(), List.of(), List.of());
    return new ProviderResult(provider, kind(provider), State.FAILED, none, error, millis(start));
  }

  private ProviderResult kept(
      Provider provider, List<ListedModel> models, State state, long start) {
    Changes changes = registry.keep(provider, models, state, Clock.systemUTC().instant());
    return new ProviderResult(provider, kind(provider), state, changes, null, millis(start));
  }

  /** A model that two servers have is the first one's, as in the directory. */
  private static List<ListedModel> merged(List<LocalServer> servers) {
    Map<String, ListedModel> all = new LinkedHashMap<>();
    servers.forEach(
        server -> server.models().forEach(model -> all.putIfAbsent(model.name(), model)));
    return List.copyOf(all.values());
  }

  private String kind(Provider provider) {
    ProviderStatus known =
        directory.status().stream()
            .filter(status -> status.name().equals(provider.name()))
            .findFirst()
            .orElse(null);
    return Kinds.of(provider, known);
  }

  private static long millis(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
