package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.Claude;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Turns {@code reasoning_effort} into what makes a model think that hard: adaptive thinking and
 * {@code output_config.effort} where the model has them, else a budget that is a share of {@code
 * max_tokens}, as OpenRouter has it: 10% for minimal, 20% for low, 50% for medium, 80% for high and
 * 95% for xhigh, at least 1,024 tokens. OpenRouter's {@code reasoning} counts where there is no
 * {@code reasoning_effort}: its {@code effort}, {@code enabled} (medium), and its {@code
 * max_tokens} as the budget where the model has budgets. What the client says in {@code thinking}
 * itself counts before that. For one request.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/effort">Effort</a>
 * @see <a href="https://openrouter.ai/docs/guides/best-practices/reasoning-tokens">OpenRouter's
 *     shares</a>
 */
final class Thinking {

  private static final int LEAST_BUDGET = 1_024;
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /** What of {@code reasoning} says how hard to think, without a number. */
  private static final Set<String> SWITCHES = Set.of("effort", "enabled");

  private final Claude model;
  private final Collection<String> dropped;

  Thinking(Claude model, Collection<String> dropped) {
    this.model = model;
    this.dropped = dropped;
  }

  /** Writes into {@code to}, whose {@code max_tokens}, tools and messages are there by now. */
  void translate(ObjectNode chat, ObjectNode to) {
    JsonNode said = chat.path("reasoning_effort");
    JsonNode reasoning = chat.path("reasoning");
    boolean open = !to.has("thinking");
    Set<String> carried = SWITCHES;
    if (open && said.isTextual()) {
      effort(said.asText(), "reasoning_effort", to);
    } else if (open && !word(reasoning).isEmpty()) {
      effort(word(reasoning), "reasoning", to);
    } else if (open && hasBudgets() && reasoning.path("max_tokens").asLong() > 0) {
      carried = Set.of("enabled", "max_tokens");
      budget(reasoning.path("max_tokens").asLong(), "reasoning", to);
    }
    for (Map.Entry<String, JsonNode> member : reasoning.properties()) {
      if (!carried.contains(member.getKey()) && !member.getValue().isNull()) {
        dropped.add("reasoning");
      }
    }
  }

  /** The effort that OpenRouter's {@code reasoning} asks for; empty: it names none. */
  private static String word(JsonNode reasoning) {
    JsonNode enabled = reasoning.path("enabled");
    if (reasoning.path("effort").isTextual()) {
      return reasoning.path("effort").asText();
    }
    if (enabled.isBoolean() && !enabled.booleanValue()) {
      return "none";
    }
    return enabled.asBoolean() && !reasoning.hasNonNull("max_tokens") ? "medium" : "";
  }

  private boolean hasBudgets() {
    return model.thinks() && !model.thinksAdaptively();
  }

  /** As hard as {@code effort} says, which is what the client's {@code field} says. */
  private void effort(String effort, String field, ObjectNode to) {
    if (!EFFORTS.contains(effort) || !model.thinks()) {
      dropped.add(field);
    } else if (effort.equals("none")) {
      off(to);
    } else if (model.thinksAdaptively()) {
      adaptive(effort, to);
    } else {
      budget(to.path("max_tokens").asLong() * percent(effort) / 100, field, to);
    }
  }

  private void off(ObjectNode to) {
    switch (model.thinkingOff()) {
      case BY_DEFAULT -> {}
      case DISABLED -> to.putObject("thinking").put("type", "disabled");
      case BETWEEN_TOOLS -> to.putObject("thinking").put("type", "between_tools");
      case NEVER -> to.withObject("/output_config").put("effort", "low");
    }
  }

  private void adaptive(String effort, ObjectNode to) {
    if (!Tools.isForced(to.path("tool_choice").path("type").asText(""))) {
      to.putObject("thinking").put("type", "adaptive").put("display", "summarized");
    }
    String word =
        switch (effort) {
          case "minimal" -> "low";
          case "xhigh" -> model.hasXhigh() ? "xhigh" : "max";
          default -> effort;
        };
    to.withObject("/output_config").put("effort", word);
  }

  private void budget(long tokens, String said, ObjectNode to) {
    int most = to.path("max_tokens").asInt();
    if (most <= LEAST_BUDGET
        || Tools.isForced(to.path("tool_choice").path("type").asText(""))
        || goesOnWithoutThoughts(to.path("messages"))) {
      dropped.add(said);
      return;
    }
    to.putObject("thinking")
        .put("type", "enabled")
        .put("budget_tokens", Math.max(LEAST_BUDGET, Math.min(tokens, most - 1L)));
    for (String field : new String[] {"temperature", "top_p", "top_k"}) {
      if (to.remove(field) != null) {
        dropped.add(field); // may not be changed while a model thinks
      }
    }
  }

  private static int percent(String effort) {
    return switch (effort) {
      case "minimal" -> 10;
      case "low" -> 20;
      case "medium" -> 50;
      case "high" -> 80;
      default -> 95;
    };
  }

  /**
   * Whether the model has called tools in this turn and its thoughts are not there any more: with a
   * budget, Anthropic refuses to think on without them.
   */
  private static boolean goesOnWithoutThoughts(JsonNode messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode content = messages.path(i).path("content");
      if (messages.path(i).path("role").asText().equals("assistant")) {
        boolean calls = content.findValuesAsText("type").contains("tool_use");
        return calls && !content.path(0).path("type").asText("").endsWith("thinking");
      }
      if (!content.path(0).path("type").asText("").equals("tool_result")) {
        return false;
      }
    }
    return false;
  }
}
