package io.iir.registry;

import io.iir.provider.Model;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as the registry keeps it.
 *
 * @param model what is known of it
 * @param place where it stands among its provider's, from 0
 * @param source where it is from: {@code listed, local, configured} or {@code catalogue}
 * @param listed what its provider itself says of it, as JSON; null: it does not list it
 */
record KnownModel(Model model, int place, String source, @Nullable String listed) {

  /** The name behind its provider's. */
  String name() {
    return model.name().model();
  }

  /** The row of {@code registry_models}, by column, of a model that is there at {@code now}. */
  Map<String, @Nullable Object> toRow(Instant now) {
    ModelFacts facts = model.facts();
    Price price = facts.price();
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("provider", model.provider());
    row.put("name", name());
    row.put("upstream", model.upstream());
    row.put("place", place);
    row.put("created", model.created());
    row.put("owned_by", model.ownedBy());
    row.put("context", facts.context());
    row.put("max_output", facts.maxOutput());
    row.put("price_input", price == null ? null : price.input().toPlainString());
    row.put("price_output", price == null ? null : price.output().toPlainString());
    row.put("can", ListedJson.words(facts.can()));
    row.put("cannot", ListedJson.words(facts.cannot()));
    row.put("quality", facts.quality());
    row.put("quality_source", facts.about().qualitySource());
    row.put("inputs", ListedJson.texts(facts.about().inputs()));
    row.put("outputs", ListedJson.texts(facts.about().outputs()));
    row.put("quantization", facts.about().quantization());
    row.put(
        "deprecated",
        facts.about().deprecated() == null ? null : facts.about().deprecated().toString());
    row.put("source", source);
    row.put("listed", listed);
    row.put("at", now.toEpochMilli());
    return row;
  }
}
