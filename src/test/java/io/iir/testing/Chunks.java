package io.iir.testing;

/** The data of a chat stream's events, as a provider makes them. */
public final class Chunks {

  /** The chunk that says why the answer ends. */
  public static final String FINISH =
      """
      {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
      [{"index":0,"delta":{},"finish_reason":"stop"}]}\
      """;

  /** The event that closes a stream. */
  public static final String DONE = "data: [DONE]\n\n";

  private Chunks() {}

  /** A chunk with content, which must need no escape in JSON. */
  public static String token(String text) {
    return """
    {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
    [{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}\
    """
        .formatted(text);
  }

  /** The chunk that reports the usage. */
  public static String usage(int promptTokens, int completionTokens) {
    return """
    {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
    "usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}\
    """
        .formatted(promptTokens, completionTokens, promptTokens + completionTokens);
  }

  /** An event with {@code data}. */
  public static String event(String data) {
    return "data: " + data + "\n\n";
  }
}
