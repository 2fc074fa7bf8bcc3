package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of functions and their results. OpenAI's results name a call by its id, Gemini's name the
 * function, have the id only where Gemini gave one, and stand in the order of the calls. For one
 * request.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/function-calling">Function calling</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>
 */
final class FunctionTurns {

  /** What Google documents for calls that another model has made. */
  private static final String NO_SIGNATURE = "skip_thought_signature_validator";

  private record Call(String name, int place) {}

  private record Result(int place, List<ObjectNode> parts) {}

  private final GeminiModel model;
  private final ContentParts contents;
  private final Map<String, Call> calls = new HashMap<>();
  private final List<Result> results = new ArrayList<>();

  FunctionTurns(GeminiModel model, ContentParts contents) {
    this.model = model;
    this.contents = contents;
  }

  /** The calls of an assistant's message at {@code path}. */
  List<ObjectNode> calls(JsonNode message, String path) {
    JsonNode toolCalls = message.path("tool_calls");
    List<ObjectNode> parts = new ArrayList<>();
    for (int i = 0; i < toolCalls.size(); i++) {
      ObjectNode part = call(toolCalls.get(i), "%s.tool_calls[%d]".formatted(path, i));
      if (i == 0 && model.isThird() && !part.has("thoughtSignature")) {
        part.put("thoughtSignature", NO_SIGNATURE);
      }
      parts.add(part);
    }
    return parts;
  }

  private ObjectNode call(JsonNode toolCall, String path) {
    if (!toolCall.path("type").asText("function").equals("function")) {
      throw ApiException.invalidRequest(
          "'%s.type' is '%s'; Gemini knows calls of functions only."
              .formatted(path, toolCall.path("type").asText()),
          path + ".type");
    }
    JsonNode function = toolCall.path("function");
    String name = Trees.text(function, "name", path + ".function");
    String arguments = function.path("arguments").asText("").strip();
    ObjectNode args = arguments.isEmpty() ? Trees.object() : Trees.objectIn(arguments);
    if (args == null) {
      throw ApiException.invalidRequest(
          "'%s.function.arguments' is no JSON object; Gemini takes no other.".formatted(path),
          path + ".function.arguments");
    }
    String id = toolCall.path("id").asText();
    calls.put(id, new Call(name, calls.size()));
    ObjectNode call = withId(id).put("name", name);
    call.set("args", args);
    ObjectNode part = Trees.object("functionCall", call);
    String signature = signature(toolCall);
    return signature == null ? part : part.put("thoughtSignature", signature);
  }

  /** Takes in the result that the message at {@code path} is. */
  void result(JsonNode message, String path) {
    String id = Trees.text(message, "tool_call_id", path);
    Call call = calls.get(id);
    String name = call == null ? message.path("name").asText() : call.name();
    if (name.isEmpty()) {
      throw ApiException.invalidRequest(
          "'%s.tool_call_id' is '%s', which no call before it has.".formatted(path, id),
          path + ".tool_call_id");
    }
    StringBuilder text = new StringBuilder();
    List<ObjectNode> media = new ArrayList<>();
    for (ObjectNode part : contents.of(Trees.value(message, "content"), path + ".content")) {
      if (part.has("text")) {
        text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText());
      } else {
        media.add(part);
      }
    }
    ObjectNode response = withId(id).put("name", name);
    response.set("response", output(text.toString()));
    List<ObjectNode> parts = new ArrayList<>();
    parts.add(Trees.object("functionResponse", response));
    if (model.isThird() && !media.isEmpty()) {
      response.set("parts", Trees.array().addAll(media));
    } else {
      parts.addAll(media);
    }
    results.add(new Result(call == null ? Integer.MAX_VALUE : call.place(), parts));
  }

  /** The results taken in since the last time, in the order of their calls. */
  List<ObjectNode> results() {
    results.sort(Comparator.comparingInt(Result::place));
    List<ObjectNode> parts = new ArrayList<>();
    results.forEach(result -> parts.addAll(result.parts()));
    results.clear();
    return parts;
  }

  /** The signature that came with {@code of}, in the form of Google's compatible endpoint. */
  static @Nullable String signature(JsonNode of) {
    JsonNode signature = of.path("extra_content").path("google").path("thought_signature");
    return signature.isTextual() ? signature.asText() : null;
  }

  private static ObjectNode output(String text) {
    ObjectNode output = Trees.objectIn(text);
    return output == null ? Trees.object().put("output", text) : output;
  }

  private static ObjectNode withId(String id) {
    ObjectNode object = Trees.object();
    return id.isEmpty() || CallIds.isMadeUp(id) ? object : object.put("id", id);
  }
}
