package io.iir.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.KeySecret;
import io.iir.config.NearestName;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the registry on request, once for all who ask meanwhile: whoever wants the same as a
 * refresh under way, or a part of a whole one, waits for that. Thread-safe; only what it returns
 * waits.
 */
public final class Refresher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
  private static final String ALL = "";
  private static final int ID_LENGTH = 22;

  private final ProviderDirectory directory;
  private final ProviderRound round;
  private final MachineSurvey machine;
  private final RegistryStore store;
  private final FlowMeters meters;
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("refresh-", 0).factory());
  private final Map<String, Refresh> running = new HashMap<>();

  Refresher(
      ProviderDirectory directory,
      ProviderRound round,
      MachineSurvey machine,
      RegistryStore store,
      FlowMeters meters) {
    this.directory = directory;
    this.round = round;
    this.machine = machine;
    this.store = store;
    this.meters = meters;
  }

  /**
   * Joins the refresh that is under way, or begins one.
   *
   * @param provider which to ask; null: all, and the machine is looked at
   * @param actor the id of the key that asks
   * @throws ApiException 404 {@code provider_not_found}
   */
  public Refresh refresh(@Nullable String provider, String actor) {
    check(provider);
    String scope = provider == null ? ALL : provider;
    synchronized (running) {
      Refresh same = running.getOrDefault(scope, running.get(ALL));
      if (same != null) {
        return same;
      }
      Refresh begun = new Refresh();
      running.put(scope, begun);
      threads.execute(() -> run(begun, scope, actor));
      return begun;
    }
  }

  /**
   * Checks that {@code provider} can be asked; null: all can.
   *
   * @throws ApiException 404 {@code provider_not_found}
   */
  public void check(@Nullable String provider) {
    if (provider != null && directory.provider(provider) == null) {
      throw notFound(provider);
    }
  }

  private ApiException notFound(String provider) {
    List<String> names = directory.providers().stream().map(Provider::name).toList();
    String nearest = NearestName.of(provider, names);
    return new ApiException(
        ApiError.invalid(
            404,
            "provider_not_found",
            "there is no provider '%s'.%s Providers: %s."
                .formatted(
                    provider.length() > 100 ? provider.substring(0, 100) + "…" : provider,
                    nearest == null ? "" : " Did you mean '%s'?".formatted(nearest),
                    String.join(", ", names)),
            "provider"));
  }

  private void run(Refresh refresh, String scope, String actor) {
    ObjectNode report = null;
    Throwable failure = null;
    try {
      report = report(refresh, scope, actor);
    } catch (InterruptedException | RuntimeException e) {
      failure = e;
      meters.registryRefresh("failed");
      LOG.error("a refresh of the registry failed", e);
    } finally {
      synchronized (running) {
        running.remove(scope);
      }
      refresh.end(report, failure);
    }
  }

  private ObjectNode report(Refresh refresh, String scope, String actor)
      throws InterruptedException {
    String id = "refresh_" + KeySecret.base62(random, ID_LENGTH);
    Instant started = Clock.systemUTC().instant();
    List<Provider> asked =
        directory.providers().stream()
            .filter(provider -> scope.isEmpty() || provider.name().equals(scope))
            .toList();
    Future<MachineReport> surveyed =
        scope.isEmpty()
            ? threads.submit(() -> machine.survey(id, refresh))
            : threads.submit(() -> MachineReport.last(store));
    List<ProviderResult> results = round.ask(asked, refresh);
    List<String> problems = new ArrayList<>();
    MachineReport found = result(surveyed, problems);
    ArrayNode providers = RecordJson.JSON.createArrayNode();
    results.forEach(result -> providers.add(result.toJson()));
    Instant ended = Clock.systemUTC().instant();
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", id);
    row.put("started_at", started.toEpochMilli());
    row.put("ended_at", ended.toEpochMilli());
    row.put("actor", actor);
    row.put("scope", scope);
    row.put("providers", providers.toString());
    write(row, problems);
    boolean all =
        problems.isEmpty()
            && results.stream().noneMatch(result -> result.state() == KnownProvider.State.FAILED);
    meters.registryRefresh(all ? "success" : "partial");
    ObjectNode view = RecordJson.JSON.createObjectNode();
    view.put("object", "registry.refresh");
    view.put("id", id);
    view.put("started_at", started.toString());
    view.put("ended_at", ended.toString());
    view.set("providers", providers);
    found.putInto(view);
    ArrayNode failures = view.putArray("problems");
    problems.forEach(failures::add);
    return view;
  }

  /** What fails of a refresh is told, and is no reason to lose the rest. */
  private static MachineReport result(Future<MachineReport> surveyed, List<String> problems)
      throws InterruptedException {
    try {
      return surveyed.get();
    } catch (ExecutionException e) {
      LOG.error("the machine could not be looked at, or what was seen not be kept", e.getCause());
      problems.add(
          "The machine could not be looked at, or what was seen not be kept: the gateway's log says"
              + " why.");
      return MachineReport.unknown();
    }
  }

  private void write(Map<String, @Nullable Object> row, List<String> problems) {
    try {
      store.refresh(row);
    } catch (RuntimeException e) {
      LOG.error("a refresh of the registry could not be written down", e);
      problems.add("The refresh could not be written down: the gateway's log says why.");
    }
  }

  /** What runs is broken off: each provider's models are written whole or not at all. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
