package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.util.List;

/**
 * Asks vLLM, which tells the context it was started with ({@code max_model_len}) in its list. It
 * holds any chat model to a JSON schema.
 */
final class VllmLister implements ModelLister {

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    return ModelListParser.models(
        ModelListParser.entries(inquiry.models().body()), VllmLister::facts);
  }

  private static ModelFacts facts(JsonNode entry) {
    FactCollector facts = ListedFacts.in(entry);
    return OperationModels.isOther(entry.path("id").asText())
        ? facts.facts()
        : facts.says(Capability.JSON, true).facts();
  }
}
