package io.iir.protocol.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client must get of a recorded answer.
 *
 * @param text the whole text
 * @param reasoning the whole thoughts; empty if there are none
 * @param calls the tools' names and arguments, in order
 * @param finish the finish reason
 * @param promptTokens all tokens that went in, or -1: not told
 * @param completionTokens all tokens that came out
 * @param cachedTokens those of the prompt that came from a cache
 * @param status the status of an error
 * @param type an error's type
 * @param code an error's code
 */
public record Expected(
    String text,
    String reasoning,
    List<ToolCall> calls,
    String finish,
    int promptTokens,
    int completionTokens,
    int cachedTokens,
    int status,
    String type,
    String code) {

  /** A call of a tool: {@code arguments} is JSON. */
  public record ToolCall(String name, JsonNode arguments) {}

  /** Of an object whose members are named as the components; what is not in it is empty. */
  static Expected of(JsonNode json) {
    List<ToolCall> calls = new ArrayList<>();
    json.path("calls")
        .forEach(
            call -> calls.add(new ToolCall(call.path("name").asText(), call.path("arguments"))));
    return new Expected(
        json.path("text").asText(""),
        json.path("reasoning").asText(""),
        calls,
        json.path("finish").asText("stop"),
        json.path("promptTokens").asInt(-1),
        json.path("completionTokens").asInt(-1),
        json.path("cachedTokens").asInt(0),
        json.path("status").asInt(0),
        json.path("type").asText(""),
        json.path("code").asText(""));
  }
}
