package io.iir.api.messages;

import org.jspecify.annotations.Nullable;

/** Why an answer ended, in Anthropic's words. */
final class StopReason {

  private StopReason() {}

  /**
   * The word for OpenAI's {@code finish}.
   *
   * @param finish null: it was not said
   * @param tools whether the answer has a tool call, after which some servers say {@code stop}
   * @param stopSequence whether one of the client's stop sequences ended it
   */
  static String of(@Nullable String finish, boolean tools, boolean stopSequence) {
    return switch (finish == null ? "stop" : finish) {
      case "length" -> "max_tokens";
      case "tool_calls", "function_call" -> "tool_use";
      case "content_filter" -> "refusal";
      default -> tools ? "tool_use" : stopSequence ? "stop_sequence" : "end_turn";
    };
  }
}
