package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Asks Hugging Face's router, which passes each model on to one of several providers and lists what
 * each gives. As it may be any of those that are live, the least of them is what is known: the
 * shortest context, the dearest price, and only what all can do. Source:
 * huggingface.co/docs/inference-providers/hub-api.
 */
final class HuggingFaceLister implements ModelLister {

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    return ModelListParser.models(
        ModelListParser.entries(inquiry.models().body()), HuggingFaceLister::facts);
  }

  private static ModelFacts facts(JsonNode entry) {
    List<JsonNode> live = new ArrayList<>();
    entry.path("providers").forEach(live::add);
    if (live.stream().anyMatch(HuggingFaceLister::isLive)) {
      live.removeIf(provider -> !isLive(provider));
    }
    FactCollector facts = new FactCollector();
    live.stream()
        .map(provider -> provider.path("context_length"))
        .filter(JsonNode::canConvertToInt)
        .min(Comparator.comparingInt(JsonNode::intValue))
        .ifPresent(facts::context);
    live.stream()
        .map(provider -> ListedPrice.perMillion(provider.path("pricing")))
        .filter(Objects::nonNull)
        .max(Comparator.comparingDouble(Price::blended))
        .ifPresent(facts::price);
    all(live, "supports_tools", Capability.TOOLS, facts);
    all(live, "supports_structured_output", Capability.JSON, facts);
    return facts.facts().over(ListedFacts.of(entry));
  }

  private static boolean isLive(JsonNode provider) {
    return provider.path("status").asText("").equals("live");
  }

  /** Says yes or no where all say the same. */
  private static void all(
      List<JsonNode> providers, String flag, Capability capability, FactCollector facts) {
    if (!providers.isEmpty()
        && providers.stream()
            .allMatch(each ->
                each.path(flag).isBoolean()
                    && each.path(flag).equals(providers.getFirst().path(flag)))) {
      facts.says(capability, providers.getFirst().path(flag));
    }
  }
}
