package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks llama.cpp's server: {@code /models}, and of the one model that it usually has {@code
 * /props}, which tells the context of a slot, what the model reads, whether its chat template knows
 * tools, and by the file's name how its weights are kept. A server that loads models when they are
 * asked for is not asked, as that would load them.
 */
final class LlamaCppLister implements ModelLister {

  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(?i)[-_.](I?Q\\d[A-Z0-9_]*|T?Q\\d_0|MXFP4(?:_MOE)?|BF16|F16|F32)"
              + "(?:-\\d{5}-of-\\d{5})?\\.gguf$");

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    List<JsonNode> entries = ModelListParser.entries(inquiry.models().body());
    boolean one = entries.size() == 1 && !entries.getFirst().has("status");
    JsonNode props = one ? props(inquiry) : MissingNode.getInstance();
    return ModelListParser.models(entries, entry -> facts(entry, props));
  }

  /** What the server says of itself; missing if it does not: the list is enough. */
  private static JsonNode props(Inquiry inquiry) throws InterruptedException {
    try {
      return inquiry.get(inquiry.root() + "/props");
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static ModelFacts facts(JsonNode entry, JsonNode props) {
    FactCollector facts =
        new FactCollector()
            .context(props.at("/default_generation_settings/n_ctx"), props.path("n_ctx"))
            .quantization(props.path("model_ftype"))
            .quantization(quantization(props.path("model_path").asText()))
            .inputs(inputs(props.path("modalities")));
    JsonNode caps = props.path("chat_template_caps");
    facts.says(Capability.TOOLS, caps.path("supports_tools"));
    if (props.path("chat_template").asText().contains("tools")) {
      facts.says(Capability.TOOLS, true);
    }
    ModelFacts listed = ListedFacts.of(entry);
    if (!OperationModels.isOther(entry.path("id").asText())) {
      facts.says(Capability.JSON, true);
    }
    return facts.facts().over(listed);
  }

  private static Set<String> inputs(JsonNode modalities) {
    Set<String> inputs = new HashSet<>();
    if (modalities.isObject()) {
      inputs.add("text");
      for (String each : List.of("audio", "video")) {
        if (modalities.path(each).asBoolean()) {
          inputs.add(each);
        }
      }
      if (modalities.path("vision").asBoolean()) {
        inputs.add("image");
      }
    }
    return inputs;
  }

  private static @Nullable String quantization(String path) {
    Matcher found = QUANTIZATION.matcher(path);
    return found.find() ? found.group(1) : null;
  }
}
