package io.iir.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.provider.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking one provider.
 *
 * @param provider who was asked
 * @param kind what it is, as {@link Kinds} says
 * @param state what came of it
 * @param changes what that changes
 * @param error why there is no list; null: there is
 * @param millis how long it took
 */
record ProviderResult(
    Provider provider,
    String kind,
    KnownProvider.State state,
    Changes changes,
    @Nullable String error,
    long millis) {

  /** The most names that are told; how many there are is told always. */
  static final int MOST_NAMES = 50;

  /** As clients see it. */
  ObjectNode toJson() {
    ObjectNode view = RecordJson.JSON.createObjectNode();
    view.put("name", provider.name());
    view.put("kind", kind);
    view.put("status", state.word());
    view.put("found", changes.found());
    names(view, "new", changes.added());
    names(view, "gone", changes.gone());
    names(view, "back", changes.back());
    view.put("error", error);
    view.put("took_ms", millis);
    return view;
  }

  private void names(ObjectNode view, String field, List<String> names) {
    ArrayNode ids = view.putArray(field);
    names.stream().limit(MOST_NAMES).forEach(name -> ids.add(provider.name() + "/" + name));
    view.put(field + "_count", names.size());
  }
}
