package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini refuses, as its reference has it and as it was seen to: unknown fields, parts that
 * are two things at once, results without their calls, calls without a signature, settings that
 * exclude each other.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">The reference</a>
 */
final class GeminiRules {

  private static final Set<String> BODY =
      Set.of(
          "contents",
          "systemInstruction",
          "tools",
          "toolConfig",
          "safetySettings",
          "generationConfig",
          "cachedContent",
          "serviceTier");

  private static final Set<String> CONFIG =
      Set.of(
          "temperature",
          "topP",
          "topK",
          "candidateCount",
          "maxOutputTokens",
          "stopSequences",
          "responseLogprobs",
          "logprobs",
          "presencePenalty",
          "frequencyPenalty",
          "seed",
          "responseMimeType",
          "responseJsonSchema",
          "responseModalities",
          "thinkingConfig");

  private static final Set<String> DATA =
      Set.of("text", "inlineData", "fileData", "functionCall", "functionResponse");

  private final boolean third;
  private List<JsonNode> open = new ArrayList<>();

  /** The rules for a model of the third generation, or for one before. */
  GeminiRules(String model) {
    third = model.startsWith("gemini-3");
  }

  /** Why {@code body} would be refused, or null. */
  @Nullable String fault(JsonNode body) {
    String fault = unknown(body, BODY, "the body");
    fault = fault == null ? contents(body) : fault;
    fault = fault == null ? tools(body) : fault;
    return fault == null ? config(body) : fault;
  }

  private static @Nullable String unknown(JsonNode object, Set<String> known, String where) {
    for (var field : object.properties()) {
      if (!known.contains(field.getKey())) {
        return "unknown name \"%s\" in %s".formatted(field.getKey(), where);
      }
    }
    return null;
  }

  private @Nullable String contents(JsonNode body) {
    JsonNode contents = body.path("contents");
    if (contents.isEmpty()) {
      return "contents is not specified";
    }
    for (JsonNode part : body.path("systemInstruction").path("parts")) {
      if (!part.path("text").isTextual()) {
        return "systemInstruction has a part that is no text";
      }
    }
    for (JsonNode content : contents) {
      String fault = unknown(content, Set.of("role", "parts"), "contents");
      fault = fault == null ? content(content) : fault;
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable String content(JsonNode content) {
    String role = content.path("role").asText();
    if (!Set.of("user", "model").contains(role)) {
      return "please use a valid role: user, model";
    }
    List<JsonNode> calls = new ArrayList<>();
    List<JsonNode> results = new ArrayList<>();
    for (JsonNode part : content.path("parts")) {
      String fault = part(part, calls.isEmpty());
      if (fault != null) {
        return fault;
      }
      if (part.has("functionCall")) {
        calls.add(part.path("functionCall"));
      }
      if (part.has("functionResponse")) {
        results.add(part.path("functionResponse"));
      }
    }
    if (content.path("parts").isEmpty()) {
      return "contents.parts must not be empty";
    }
    if (results.size() != open.size()) {
      return "the number of function response parts must equal that of the function call parts";
    }
    for (int i = 0; i < results.size(); i++) {
      if (!results.get(i).path("name").equals(open.get(i).path("name"))
          || !results.get(i).path("id").equals(open.get(i).path("id"))) {
        return "function response %d does not answer its call".formatted(i);
      }
    }
    open = calls;
    return null;
  }

  private @Nullable String part(JsonNode part, boolean firstCall) {
    long kinds = DATA.stream().filter(part::has).count();
    if (kinds != 1) {
      return "required oneof field 'data' must have one initialized field";
    }
    for (var field : part.properties()) {
      if (!DATA.contains(field.getKey()) && !field.getKey().equals("thoughtSignature")) {
        return "unknown name \"%s\" in a part".formatted(field.getKey());
      }
    }
    if (part.has("inlineData")) {
      JsonNode data = part.path("inlineData");
      if (!data.path("mimeType").asText().contains("/")) {
        return "inlineData has no mimeType";
      }
      Base64.getDecoder().decode(data.path("data").asText());
    }
    if (part.has("fileData") && part.path("fileData").path("fileUri").asText().isEmpty()) {
      return "fileData has no fileUri";
    }
    if (part.has("functionCall")) {
      if (!part.path("functionCall").path("args").isObject()) {
        return "functionCall.args is no object";
      }
      if (third && firstCall && !part.has("thoughtSignature")) {
        return "function call is missing a thought_signature in functionCall parts";
      }
    }
    if (part.has("functionResponse")
        && !part.path("functionResponse").path("response").isObject()) {
      return "functionResponse.response is no object";
    }
    return null;
  }

  private static @Nullable String tools(JsonNode body) {
    for (JsonNode tool : body.path("tools")) {
      for (JsonNode declaration : tool.path("functionDeclarations")) {
        String fault =
            unknown(
                declaration, Set.of("name", "description", "parametersJsonSchema"), "a function");
        if (fault != null) {
          return fault;
        }
        if (!declaration.path("name").asText().matches("[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")) {
          return "invalid function name";
        }
      }
    }
    JsonNode calling = body.path("toolConfig").path("functionCallingConfig");
    if (calling.has("allowedFunctionNames") && !calling.path("mode").asText().equals("ANY")) {
      return "allowed_function_names should only be set when the mode is ANY";
    }
    boolean json = body.path("generationConfig").has("responseMimeType");
    return json && calling.path("mode").asText().equals("ANY")
        ? "forced function calling (ANY mode) with a response mime type is unsupported"
        : null;
  }

  private static @Nullable String config(JsonNode body) {
    JsonNode config = body.path("generationConfig");
    String fault = unknown(config, CONFIG, "generationConfig");
    if (fault != null) {
      return fault;
    }
    if (config.has("responseJsonSchema")
        && !config.path("responseMimeType").asText().equals("application/json")) {
      return "a response schema needs the mime type application/json";
    }
    if (config.has("logprobs") && !config.path("responseLogprobs").asBoolean()) {
      return "logprobs needs responseLogprobs";
    }
    JsonNode thinking = config.path("thinkingConfig");
    if (thinking.has("thinkingBudget") && thinking.has("thinkingLevel")) {
      return "you can only set only one of thinking budget and thinking level";
    }
    if (config.has("seed") && !config.path("seed").canConvertToInt()) {
      return "seed is no int32";
    }
    return config.path("stopSequences").size() > 5 ? "at most 5 stop sequences" : null;
  }
}
