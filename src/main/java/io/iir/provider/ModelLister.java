package io.iir.provider;

import java.io.IOException;
import java.util.List;

/** How one kind of provider is asked for its models. Stateless. */
interface ModelLister {

  /**
   * The models that the provider lists, in its order, each once.
   *
   * @throws IOException if it gives no list, with a message that says why
   */
  List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException;

  /** That of {@code kind}. */
  static ModelLister of(ProviderKind kind) {
    return switch (kind) {
      case OPENAI -> new OpenAiLister();
      case OLLAMA -> new OllamaLister();
      case VLLM -> new VllmLister();
      case LLAMA_CPP -> new LlamaCppLister();
      case LM_STUDIO -> new LmStudioLister();
      case ANTHROPIC -> new AnthropicLister();
      case GEMINI -> new GeminiLister();
      case OPENROUTER -> new OpenRouterLister();
      case HUGGINGFACE -> new HuggingFaceLister();
    };
  }
}
