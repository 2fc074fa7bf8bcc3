package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/**
 * Tells what kind of server answers by OpenAI's protocol: by its list of models, and where that
 * does not tell, of servers nearby, by one or two more questions. Stateless.
 */
final class Fingerprint {

  private Fingerprint() {}

  /** The kind of the server that is looked at. */
  static ProviderKind of(Inquiry inquiry) throws IOException, InterruptedException {
    Inquiry.Page page = inquiry.models();
    boolean library = false;
    for (JsonNode entry : ModelListParser.entries(page.body())) {
      String owner = entry.path("owned_by").asText("");
      if (owner.equals("vllm")) {
        return ProviderKind.VLLM;
      }
      if (owner.equals("llamacpp")) {
        return ProviderKind.LLAMA_CPP;
      }
      if (entry.path("providers").isArray()) {
        return ProviderKind.HUGGINGFACE;
      }
      if (entry.path("top_provider").isObject()) {
        return ProviderKind.OPENROUTER;
      }
      library |= owner.equals("library") || owner.equals("organization_owner");
    }
    if (page.server().startsWith("llama.cpp")) {
      return ProviderKind.LLAMA_CPP;
    }
    return library || PrivateHost.is(inquiry.baseUrl().getHost())
        ? byOwnProtocol(inquiry)
        : ProviderKind.OPENAI;
  }

  private static ProviderKind byOwnProtocol(Inquiry inquiry) throws InterruptedException {
    if (answer(inquiry, "/api/version").path("version").isTextual()) {
      return ProviderKind.OLLAMA;
    }
    JsonNode first = answer(inquiry, LmStudioLister.PATH).at("/data/0");
    return first.path("type").isTextual() && first.path("state").isTextual()
        ? ProviderKind.LM_STUDIO
        : ProviderKind.OPENAI;
  }

  private static JsonNode answer(Inquiry inquiry, String path) throws InterruptedException {
    try {
      return inquiry.get(inquiry.root() + path);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
