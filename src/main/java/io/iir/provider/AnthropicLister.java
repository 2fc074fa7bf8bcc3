package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks Anthropic: {@code GET /v1/models}, page by page, with the key as {@code x-api-key}; behind
 * another address also as others want it. Source: platform.claude.com/docs/en/api/models/list.
 */
final class AnthropicLister implements ModelLister {

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>(inquiry.keyAs("x-api-key"));
    headers.put("anthropic-version", "2023-06-01");
    if (!"api.anthropic.com".equals(inquiry.baseUrl().getHost())) {
      headers.putAll(inquiry.bearer());
    }
    List<JsonNode> all = new ArrayList<>();
    Pages pages = new Pages();
    String from = "";
    do {
      JsonNode page = inquiry.get(inquiry.baseUrl() + "/models?limit=1000" + from, headers);
      all.addAll(ModelListParser.entries(page));
      from = next(page, pages);
    } while (!from.isEmpty());
    return ModelListParser.models(all, AnthropicLister::facts);
  }

  /** What asks for the page behind {@code page}; empty: there is none. */
  private static String next(JsonNode page, Pages pages) throws IOException {
    String last = page.path("last_id").asText("");
    if (!page.path("has_more").asBoolean()) {
      return "";
    }
    if (last.isEmpty()) {
      throw new IOException("its list of models goes on, and it does not say where");
    }
    pages.turn(last);
    return "&after_id=" + URLEncoder.encode(last, StandardCharsets.UTF_8);
  }

  private static ModelFacts facts(JsonNode entry) {
    JsonNode told = entry.path("capabilities");
    FactCollector facts =
        new FactCollector()
            .context(entry.path("max_input_tokens"))
            .maxOutput(entry.path("max_tokens"))
            .chats(entry.path("id").asText())
            .says(Capability.IMAGES, told.at("/image_input/supported"))
            .says(Capability.JSON, told.at("/structured_outputs/supported"));
    if (told.isObject()) {
      Set<String> inputs = new HashSet<>(Set.of("text"));
      if (told.at("/image_input/supported").asBoolean()) {
        inputs.add("image");
      }
      if (told.at("/pdf_input/supported").asBoolean()) {
        inputs.add("file");
      }
      facts.inputs(inputs).outputs(Set.of("text"));
    }
    return facts.facts();
  }
}
