package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks LM Studio: {@code /v1/models} for what there is, and its own {@code /api/v0/models} for
 * kind, context, weights and tool use. A loaded model has the context it was loaded with. It holds
 * any chat model to a JSON schema.
 */
final class LmStudioLister implements ModelLister {

  /** Where LM Studio lists models in its own way, behind {@link Inquiry#root}. */
  static final String PATH = "/api/v0/models";

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    List<JsonNode> entries = ModelListParser.entries(inquiry.models().body());
    Map<String, JsonNode> own = own(inquiry);
    return ModelListParser.models(
        entries,
        entry -> facts(own.getOrDefault(entry.path("id").asText(), MissingNode.getInstance())));
  }

  private static Map<String, JsonNode> own(Inquiry inquiry) throws InterruptedException {
    Map<String, JsonNode> own = new HashMap<>();
    try {
      for (JsonNode each : inquiry.get(inquiry.root() + PATH).path("data")) {
        own.put(each.path("id").asText(""), each);
      }
    } catch (IOException e) {
      own.clear();
    }
    return own;
  }

  private static ModelFacts facts(JsonNode own) {
    FactCollector facts =
        new FactCollector()
            .context(own.path("loaded_context_length"), own.path("max_context_length"))
            .quantization(own.path("quantization"));
    switch (own.path("type").asText("")) {
      case "llm" -> chat(own, Set.of("text"), facts);
      case "vlm" -> chat(own, Set.of("text", "image"), facts);
      case "embeddings" -> facts.outputs(Set.of("embedding"));
      default -> {
        // nothing is said
      }
    }
    return facts.facts();
  }

  private static void chat(JsonNode own, Set<String> inputs, FactCollector facts) {
    facts
        .chats(own.path("id").asText())
        .inputs(inputs)
        .outputs(Set.of("text"))
        .says(Capability.JSON, true);
    if (own.path("capabilities").isArray()) { // since 0.3.16
      facts.says(
          Capability.TOOLS, FactCollector.words(own.path("capabilities")).contains("tool_use"));
    }
  }
}
