package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Turns {@code reasoning_effort} and {@code reasoning} into what makes a model of Bedrock's think
 * that hard. What the client says in {@code thinking} itself counts before that.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html">
 *     Claude's extended thinking</a>
 * @see <a href="https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html">
 *     Nova 2's</a>
 */
final class Thinking {

  private static final int LEAST_BUDGET = 1_024;
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private final BedrockModel model;
  private final Set<String> dropped;

  Thinking(BedrockModel model, Set<String> dropped) {
    this.model = model;
    this.dropped = dropped;
  }

  /** Writes into {@code fields} what {@code chat} wants; {@code body} is complete otherwise. */
  void into(ObjectNode fields, JsonNode chat, ObjectNode body) {
    if (chat.path("thinking").isObject()) {
      fields.set("thinking", chat.path("thinking"));
      if (!chat.path("reasoning").isEmpty()) {
        dropped.add("reasoning");
      }
      return;
    }
    Reasoning wanted = Reasoning.of(chat, dropped);
    String effort = wanted.effort();
    if (wanted.isEmpty()) {
      return;
    }
    if (model.thinksByBudget() && wanted.budget() > 0) {
      budget(wanted, fields, body);
    } else if (!EFFORTS.contains(effort)) {
      dropped.add(wanted.field());
    } else if (effort.equals("none")) {
      off(wanted, fields);
    } else if (model.thinksAdaptively()) {
      adaptive(effort, fields, body);
    } else if (model.thinksByBudget()) {
      budget(wanted, fields, body);
    } else if (model.isNova2()) {
      fields.set(
          "reasoningConfig",
          Trees.object().put("type", "enabled").put("maxReasoningEffort", threeSteps(effort)));
    } else if (model.family() == BedrockModel.Family.GPT_OSS) {
      fields.put("reasoning_effort", threeSteps(effort));
    } else {
      dropped.add(wanted.field());
    }
  }

  /** A Claude can be told not to think; of other models that is left out. */
  private void off(Reasoning wanted, ObjectNode fields) {
    if (!model.isClaude() || !model.claude().thinks()) {
      dropped.add(wanted.field());
      return;
    }
    switch (model.claude().thinkingOff()) {
      case BY_DEFAULT -> {}
      case DISABLED -> fields.putObject("thinking").put("type", "disabled");
      case BETWEEN_TOOLS -> fields.putObject("thinking").put("type", "between_tools");
      case NEVER -> fields.putObject("output_config").put("effort", "low");
    }
  }

  private static String threeSteps(String effort) {
    return switch (effort) {
      case "minimal" -> "low";
      case "xhigh", "max" -> "high";
      default -> effort;
    };
  }

  private void adaptive(String effort, ObjectNode fields, ObjectNode body) {
    if (!isForced(body)) {
      fields.set("thinking", Trees.object().put("type", "adaptive").put("display", "summarized"));
    }
    String word =
        switch (effort) {
          case "minimal" -> "low";
          case "xhigh" -> model.claude().hasXhigh() ? "xhigh" : "max";
          default -> effort;
        };
    fields.set("output_config", Trees.object().put("effort", word));
  }

  private void budget(Reasoning wanted, ObjectNode fields, ObjectNode body) {
    int most = body.path("inferenceConfig").path("maxTokens").asInt(Integer.MAX_VALUE);
    if (most <= LEAST_BUDGET || isForced(body) || goesOnWithoutThoughts(body)) {
      dropped.add(wanted.field());
      return;
    }
    int tokens = wanted.budget() > 0 ? wanted.budget() : tokens(wanted.effort(), most);
    int limit = Math.min(most, model.claude().maxTokens()) - 1;
    fields.set(
        "thinking",
        Trees.object()
            .put("type", "enabled")
            .put("budget_tokens", Math.max(LEAST_BUDGET, Math.min(tokens, limit))));
    if (body.path("inferenceConfig") instanceof ObjectNode inference) {
      leaveOut(inference, "temperature", "temperature");
      leaveOut(inference, "topP", "top_p");
      if (inference.isEmpty()) {
        body.remove("inferenceConfig");
      }
    }
    leaveOut(fields, "top_k", "top_k");
  }

  /** Sampling may not be changed while a model thinks within a budget. */
  private void leaveOut(ObjectNode from, String name, String field) {
    if (from.remove(name) != null) {
      dropped.add(field);
    }
  }

  /** A share of the most tokens, or where that is not said what is usual. */
  private static int tokens(String effort, int most) {
    int percent =
        switch (effort) {
          case "minimal" -> 10;
          case "low" -> 20;
          case "medium" -> 50;
          case "high" -> 80;
          default -> 95;
        };
    return most == Integer.MAX_VALUE ? 200 * percent : (int) ((long) most * percent / 100);
  }

  private static boolean isForced(ObjectNode body) {
    JsonNode choice = body.path("toolConfig").path("toolChoice");
    return choice.has("any") || choice.has("tool");
  }

  /** Whether the model has called tools in this turn and its thoughts are not there any more. */
  private static boolean goesOnWithoutThoughts(ObjectNode body) {
    JsonNode messages = body.path("messages");
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode content = messages.path(i).path("content");
      if (messages.path(i).path("role").asText().equals("assistant")) {
        return content.findValue("toolUse") != null && !content.path(0).has("reasoningContent");
      }
      if (!content.path(0).has("toolResult")) {
        return false;
      }
    }
    return false;
  }
}
