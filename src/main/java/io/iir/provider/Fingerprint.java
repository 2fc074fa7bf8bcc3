package io.iir.provider;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what kind of server answers by OpenAI's protocol: by its list of models, and where that
 * does not tell, of servers nearby, by one or two more questions. Stateless.
 */
final class Fingerprint {

  private Fingerprint() {}

  /** The kind of the server that is looked at; null: this time it did not tell. */
  static @Nullable ProviderKind of(Inquiry inquiry) throws IOException, InterruptedException {
    Inquiry.Page page = inquiry.models();
    boolean library = page.body().path("data").isNull(); // Ollama without a model
    for (JsonNode entry : ModelListParser.entriesOrNone(page.body())) {
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

  private static @Nullable ProviderKind byOwnProtocol(Inquiry inquiry) throws InterruptedException {
    JsonNode version = answer(inquiry, "/api/version");
    if (version != null && version.path("version").isTextual()) {
      return ProviderKind.OLLAMA;
    }
    JsonNode own = answer(inquiry, LmStudioLister.PATH);
    if (own != null && own.at("/data/0/type").isTextual() && own.at("/data/0/state").isTextual()) {
      return ProviderKind.LM_STUDIO;
    }
    return version == null || own == null ? null : ProviderKind.OPENAI;
  }

  /** What is at {@code path}; missing: nothing of that kind; null: that cannot be told now. */
  private static @Nullable JsonNode answer(Inquiry inquiry, String path)
      throws InterruptedException {
    try {
      return inquiry.get(inquiry.root() + path);
    } catch (StatusException e) {
      boolean busy = e.status() >= 500 || e.status() == 429 || e.status() == 408;
      return busy ? null : MissingNode.getInstance();
    } catch (IOException e) {
      return e.getCause() instanceof JacksonException ? MissingNode.getInstance() : null;
    }
  }
}
