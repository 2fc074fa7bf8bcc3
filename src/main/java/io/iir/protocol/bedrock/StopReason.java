package io.iir.protocol.bedrock;

/** Why Converse says that an answer ended, as OpenAI's finish reason. */
final class StopReason {

  private StopReason() {}

  static String finishReason(String stopReason) {
    return switch (stopReason) {
      case "tool_use" -> "tool_calls";
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "guardrail_intervened", "content_filtered" -> "content_filter";
      default -> "stop";
    };
  }

  /** Whether what the model wrote could not be read, so that there is no answer. */
  static boolean isFailure(String stopReason) {
    return stopReason.startsWith("malformed_");
  }
}
