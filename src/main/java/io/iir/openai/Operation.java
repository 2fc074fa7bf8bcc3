package io.iir.openai;

/**
 * What a request wants of a model, by the endpoint of OpenAI's API that takes it.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference">OpenAI's API reference</a>
 */
public enum Operation {
  /** A conversation goes on. */
  CHAT("chat", "/chat/completions"),
  /** Texts become vectors. */
  EMBEDDINGS("embeddings", "/embeddings"),
  /**
   * Documents are put in order by how well they answer a query.
   *
   * @see <a href="https://docs.cohere.com/reference/rerank">Cohere's rerank, which Jina, vLLM and
   *     llama.cpp follow</a>
   */
  RERANK("rerank", "/rerank"),
  /** Texts and images are judged for harm. */
  MODERATION("moderation", "/moderations"),
  /** A text becomes images. */
  IMAGE("image", "/images/generations"),
  /** A text is spoken. */
  SPEECH("speech", "/audio/speech"),
  /** Speech becomes text. */
  TRANSCRIPTION("transcription", "/audio/transcriptions");

  private final String word;
  private final String path;

  Operation(String word, String path) {
    this.word = word;
    this.path = path;
  }

  /** Whether the same request has the same answer, so that it can be kept for the next time. */
  public boolean isRepeatable() {
    return switch (this) {
      case CHAT, EMBEDDINGS, RERANK, MODERATION -> true;
      case IMAGE, SPEECH, TRANSCRIPTION -> false;
    };
  }

  /** The operation that {@code word} names; of an unknown or empty one, a conversation. */
  public static Operation of(String word) {
    for (Operation operation : values()) {
      if (operation.word.equals(word)) {
        return operation;
      }
    }
    return CHAT;
  }

  /** The name in lower case, as rules and meters write it. */
  public String word() {
    return word;
  }

  /** The path behind a provider's base URL. */
  public String path() {
    return path;
  }
}
