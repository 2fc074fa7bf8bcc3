package io.iir.testing;

import java.nio.file.Path;
import java.util.List;

/** The recorded providers, one a kind; each kind is a folder of {@code discovery}. */
public final class Cassettes {

  /** All kinds. */
  public static final List<String> KINDS =
      List.of(
          "openai",
          "ollama",
          "vllm",
          "llama.cpp",
          "lm-studio",
          "anthropic",
          "gemini",
          "openrouter",
          "huggingface");

  private static final Path FOLDER = Path.of("src", "test", "resources", "discovery");

  private Cassettes() {}

  /** A provider of that kind. */
  public static CassetteServer start(String kind) {
    return new CassetteServer(FOLDER.resolve(kind));
  }
}
