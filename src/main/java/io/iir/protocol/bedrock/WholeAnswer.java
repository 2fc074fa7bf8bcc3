package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Converse's answer as a chat completion. For one answer. */
final class WholeAnswer {

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final ArrayNode calls = Trees.array();
  private final ArrayNode details = Trees.array();

  /**
   * The completion.
   *
   * @throws IllegalArgumentException if {@code answer} holds no message
   */
  ObjectNode completion(JsonNode answer, String model) {
    JsonNode content = answer.path("output").path("message").path("content");
    if (!content.isArray()) {
      throw new IllegalArgumentException("it has no output.message.content");
    }
    String reason = answer.path("stopReason").asText("");
    if (StopReason.isFailure(reason)) {
      throw new IllegalArgumentException("the model failed (" + reason + ")");
    }
    for (int i = 0; i < content.size(); i++) {
      block(content.get(i), i);
    }
    ObjectNode message = Trees.object().put("role", "assistant");
    message.put("content", text.isEmpty() && !calls.isEmpty() ? null : text.toString());
    message.putNull("refusal");
    if (!thoughts.isEmpty()) {
      message.put("reasoning_content", thoughts.toString());
    }
    if (!details.isEmpty()) {
      message.set("reasoning_details", details);
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
    ObjectNode choice = Trees.object().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs");
    choice.put("finish_reason", StopReason.finishReason(reason));
    ObjectNode completion =
        new Envelope(model).around("chat.completion", Trees.array().add(choice));
    if (answer.path("usage").isObject()) {
      completion.set("usage", BedrockUsage.of(answer.path("usage")));
    }
    return completion;
  }

  private void block(JsonNode block, int index) {
    text.append(block.path("text").asText(""));
    for (JsonNode cited : block.path("citationsContent").path("content")) {
      text.append(cited.path("text").asText(""));
    }
    JsonNode use = block.path("toolUse");
    if (use.isObject()) {
      ObjectNode call =
          Trees.object().put("id", use.path("toolUseId").asText()).put("type", "function");
      call.putObject("function")
          .put("name", use.path("name").asText())
          .put("arguments", use.path("input").isObject() ? use.path("input").toString() : "{}");
      calls.add(call);
    }
    JsonNode thought = block.path("reasoningContent");
    JsonNode said = thought.path("reasoningText");
    if (said.isObject()) {
      thoughts.append(said.path("text").asText(""));
      if (said.path("signature").isTextual()) {
        details.add(
            Thoughts.text(said.path("text").asText(""), said.path("signature").asText(), index));
      }
    } else if (thought.path("redactedContent").isTextual()) {
      details.add(Thoughts.encrypted(thought.path("redactedContent").asText(), index));
    }
  }
}
