package io.iir.provider;

/** What kind of provider one is, told by how it is asked for its models. */
public enum ProviderKind {
  /** One that lists models as OpenAI does, and is none of the others. */
  OPENAI("openai"),
  /** Ollama. */
  OLLAMA("ollama"),
  /** vLLM. */
  VLLM("vllm"),
  /** The server of llama.cpp. */
  LLAMA_CPP("llama.cpp"),
  /** LM Studio. */
  LM_STUDIO("lm-studio"),
  /** Anthropic. */
  ANTHROPIC("anthropic"),
  /** Google's Gemini. */
  GEMINI("gemini"),
  /** OpenRouter. */
  OPENROUTER("openrouter"),
  /** The router of Hugging Face. */
  HUGGINGFACE("huggingface");

  private final String word;

  ProviderKind(String word) {
    this.word = word;
  }

  /** The name that operators and clients read. */
  public String word() {
    return word;
  }
}
