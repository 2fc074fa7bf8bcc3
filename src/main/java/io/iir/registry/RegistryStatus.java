package io.iir.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.provider.Model;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.ProviderStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the registry knows, as clients see it. Blocks. Thread-safe. */
public final class RegistryStatus {

  private static final String FAILED = "failed: ";

  private final ProviderDirectory directory;
  private final RegistryStore store;
  private final String url;

  /** What is in {@code directory} and {@code store} of the gateway at {@code url}. */
  RegistryStatus(ProviderDirectory directory, RegistryStore store, String url) {
    this.directory = directory;
    this.store = store;
    this.url = url;
  }

  /**
   * The answer of {@code GET /v1/registry/status}; holds no secret.
   *
   * @param usable which models the caller may know of, by id
   * @param operator whether the caller may know where providers are, why they fail, and what to do
   */
  public ObjectNode report(Predicate<String> usable, boolean operator) {
    MachineReport machine = MachineReport.last(store);
    ObjectNode view = RecordJson.JSON.createObjectNode();
    view.put("object", "registry.status");
    ObjectNode last = lastRefresh();
    if (last != null) {
      last.path("providers").forEach(each -> narrow((ObjectNode) each, usable, operator));
    }
    view.set("last_refresh", last);
    view.set("providers", providers(operator));
    view.set("models", models(view.path("providers").findValues("gone")));
    machine.putInto(view);
    ArrayNode steps = view.putArray("next_steps");
    if (operator) {
      NextSteps.of(directory.status(), last != null, machine, url).forEach(steps::add);
    }
    return view;
  }

  /** Leaves in what came of a provider only what the caller may know. */
  private static void narrow(ObjectNode result, Predicate<String> usable, boolean operator) {
    for (String field : List.of("new", "gone", "back")) {
      ArrayNode ids = RecordJson.JSON.createArrayNode();
      result
          .path(field)
          .forEach(id -> {
            if (usable.test(id.asText())) {
              ids.add(id);
            }
          });
      result.set(field, ids);
    }
    if (!operator) {
      result.putNull("error");
    }
  }

  private @Nullable ObjectNode lastRefresh() {
    List<Map<String, Object>> rows = store.read(RegistryStore.Rows.LAST_REFRESH, "");
    if (rows.isEmpty()) {
      return null;
    }
    Map<String, Object> row = rows.getFirst();
    ObjectNode view = RecordJson.JSON.createObjectNode();
    view.put("id", String.valueOf(row.get("id")));
    view.put("started_at", time(row.get("started_at")));
    view.put("ended_at", time(row.get("ended_at")));
    String scope = String.valueOf(row.get("scope"));
    view.put("provider", scope.isEmpty() ? null : scope);
    view.set("providers", RecordJson.read(String.valueOf(row.get("providers"))));
    return view;
  }

  private ArrayNode providers(boolean operator) {
    Map<String, Map<String, Object>> rows = new HashMap<>();
    store
        .read(RegistryStore.Rows.PROVIDERS, "")
        .forEach(row -> rows.put(String.valueOf(row.get("name")), row));
    ArrayNode views = RecordJson.JSON.createArrayNode();
    for (ProviderStatus status : directory.status()) {
      Map<String, Object> row = rows.getOrDefault(status.name(), Map.of());
      Provider provider = Objects.requireNonNull(directory.provider(status.name()));
      ObjectNode view = views.addObject();
      view.put("name", status.name());
      view.put("kind", Kinds.of(provider, status));
      view.put("protocol", status.protocol());
      ArrayNode urls = view.putArray("base_urls");
      if (operator) {
        status.baseUrls().forEach(each -> urls.add(each.toString()));
      }
      boolean failed = status.list().startsWith(FAILED);
      view.put("state", failed ? "failed" : status.list());
      view.put("models", status.models());
      view.put("gone", row.get("gone") instanceof Number gone ? gone.longValue() : 0);
      view.put("last_asked", time(row.get("asked_at")));
      view.put("last_listed", time(row.get("listed_at")));
      view.put("error", failed && operator ? status.list().substring(FAILED.length()) : null);
    }
    return views;
  }

  private ObjectNode models(List<JsonNode> gone) {
    ObjectNode view = RecordJson.JSON.createObjectNode();
    List<Model> models = directory.models();
    view.put("total", models.size());
    Map<String, Integer> counts = new TreeMap<>();
    for (Model.State state : Model.State.values()) {
      if (state != Model.State.UNLISTED) {
        counts.put(state.word(), 0);
      }
    }
    models.forEach(model -> counts.merge(model.state().word(), 1, Integer::sum));
    counts.forEach(view::put);
    view.put("gone", gone.stream().mapToLong(each -> each.asLong()).sum());
    return view;
  }

  private static @Nullable String time(@Nullable Object millis) {
    return millis instanceof Number number
        ? Instant.ofEpochMilli(number.longValue()).toString()
        : null;
  }
}
