package io.iir.api.messages;

import org.jspecify.annotations.Nullable;

/**
 * How hard a model is to think, as OpenAI's {@code reasoning_effort}.
 *
 * <p>{@code output_config.effort} is taken at its word; {@code xhigh} and {@code max}, which few
 * know, as {@code high}. Else a budget of thinking tokens below {@value #MEDIUM} is low, below
 * {@value #HIGH} medium, and from there on high. Adaptive thinking without an effort leaves it to
 * the model.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/effort">Effort</a>
 */
final class Effort {

  static final int MEDIUM = 4_096;
  static final int HIGH = 16_384;

  private Effort() {}

  /** The effort that {@code request} asks for; null: it does not say. */
  static @Nullable String of(At request) {
    At thinking = request.field("thinking");
    String kind = thinking.absent() ? "" : thinking.type();
    if (kind.equals("disabled")) {
      return null;
    }
    At effort = request.field("output_config").field("effort");
    if (!effort.absent()) {
      return switch (effort.string()) {
        case "low" -> "low";
        case "medium" -> "medium";
        case "high", "xhigh", "max" -> "high";
        default -> throw effort.wrong("must be one of low, medium, high, xhigh, max");
      };
    }
    if (!kind.equals("enabled")) {
      return null;
    }
    At budget = thinking.field("budget_tokens");
    if (!budget.node().isIntegralNumber()) {
      throw budget.wrong("must be an integer of at least 1024");
    }
    long tokens = budget.node().longValue();
    return tokens < MEDIUM ? "low" : tokens < HIGH ? "medium" : "high";
  }
}
