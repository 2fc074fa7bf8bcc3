package io.iir.protocol.anthropic;

/**
 * Why an answer ends, in OpenAI's words.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons">Stop
 *     reasons</a>
 */
final class StopReason {

  private StopReason() {}

  /** OpenAI's finish reason for Anthropic's {@code stop_reason}. */
  static String toOpenAi(String stopReason) {
    return switch (stopReason) {
      case "tool_use" -> "tool_calls";
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "refusal" -> "content_filter";
      default -> "stop"; // end_turn, stop_sequence, pause_turn, and what is newer
    };
  }
}
