package io.iir.protocol.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client has of an answer, whole or of all chunks of a stream.
 *
 * @param complete whether the stream said {@code [DONE]}; a whole answer is complete
 * @param error the error that ended the stream, or null
 */
record Seen(
    String text,
    String reasoning,
    List<Expected.ToolCall> calls,
    List<String> ids,
    String finish,
    JsonNode usage,
    boolean complete,
    @Nullable JsonNode error) {

  static Seen whole(String body) {
    JsonNode root = Gateway.json(body);
    JsonNode message = root.path("choices").path(0).path("message");
    List<Expected.ToolCall> calls = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    message
        .path("tool_calls")
        .forEach(call -> {
          ids.add(call.path("id").asText());
          calls.add(call(call.path("function")));
        });
    return new Seen(
        message.path("content").asText(""),
        message.path("reasoning_content").asText(""),
        calls,
        ids,
        root.path("choices").path(0).path("finish_reason").asText(),
        root.path("usage"),
        true,
        null);
  }

  static Seen stream(String events) {
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
    Map<Integer, String> names = new LinkedHashMap<>();
    List<String> ids = new ArrayList<>();
    String finish = "";
    JsonNode usage = Gateway.json("{}");
    JsonNode error = null;
    boolean complete = false;
    for (String event : events.strip().split("\n\n", -1)) {
      String data = event.replaceFirst("^data: ?", "");
      if (data.equals("[DONE]")) {
        complete = true;
        continue;
      }
      if (!event.startsWith("data:")) {
        continue;
      }
      JsonNode chunk = Gateway.json(data);
      error = chunk.has("error") ? chunk.path("error") : error;
      usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
      JsonNode choice = chunk.path("choices").path(0);
      finish =
          choice.path("finish_reason").asText("").isEmpty() || choice.path("finish_reason").isNull()
              ? finish
              : choice.path("finish_reason").asText();
      JsonNode delta = choice.path("delta");
      text.append(delta.path("content").isTextual() ? delta.path("content").asText() : "");
      reasoning.append(delta.path("reasoning_content").asText(""));
      for (JsonNode call : delta.path("tool_calls")) {
        int index = call.path("index").asInt(-1);
        if (call.has("id")) {
          ids.add(call.path("id").asText());
          names.put(index, call.path("function").path("name").asText());
        }
        arguments
            .computeIfAbsent(index, i -> new StringBuilder())
            .append(call.path("function").path("arguments").asText(""));
      }
    }
    List<Expected.ToolCall> calls = new ArrayList<>();
    names.forEach((index, name) ->
        calls.add(
            new Expected.ToolCall(
                name, Gateway.json(Objects.requireNonNull(arguments.get(index)).toString()))));
    return new Seen(
        text.toString(), reasoning.toString(), calls, ids, finish, usage, complete, error);
  }

  private static Expected.ToolCall call(JsonNode function) {
    return new Expected.ToolCall(
        function.path("name").asText(), Gateway.json(function.path("arguments").asText()));
  }
}
