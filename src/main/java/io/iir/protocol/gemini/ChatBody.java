package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.protocol.Handling;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chat request as the body of {@code generateContent}.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Gemini's reference</a>
 */
final class ChatBody {

  private ChatBody() {}

  /**
   * The body that {@code chat} is for {@code model}.
   *
   * @param dropped takes the fields that are left out
   */
  static ObjectNode of(JsonNode chat, GeminiModel model, Set<String> dropped) {
    for (Map.Entry<String, JsonNode> field : chat.properties()) {
      if (!isNeutral(field.getValue())) {
        check(field.getKey(), dropped);
      }
    }
    ObjectNode body = Trees.object();
    new Conversation(model, dropped).into(body, chat.path("messages"));
    ToolSettings.into(body, chat, dropped);
    ObjectNode config = GenerationConfig.of(chat, model, dropped);
    if (!config.isEmpty()) {
      body.set("generationConfig", config);
    }
    JsonNode google = chat.path("extra_body").path("google");
    put(body, "safetySettings", first(chat, google, "safety_settings", "safetySettings"));
    put(body, "cachedContent", first(chat, google, "cached_content", "cachedContent"));
    platform(chat, model, body, dropped);
    return body;
  }

  /** What only one of the Gemini API and Vertex AI takes within the body. */
  private static void platform(
      JsonNode chat, GeminiModel model, ObjectNode body, Set<String> dropped) {
    JsonNode labels = Trees.value(chat, "labels");
    String tier = chat.path("service_tier").asText("auto");
    if (model.vertex()) {
      put(body, "labels", labels);
    } else if (labels != null) {
      dropped.add("labels");
    }
    if (!model.vertex() && (tier.equals("flex") || tier.equals("priority"))) {
      body.put("serviceTier", tier);
    } else if (!tier.equals("auto") && !tier.equals("default")) {
      dropped.add("service_tier");
    }
  }

  private static void check(String field, Set<String> dropped) {
    if (GeminiFields.EXTENSIONS.contains(field)) {
      return;
    }
    switch (GeminiFields.TABLE.getOrDefault(field, Handling.DROPPED)) {
      case CARRIED -> {}
      case DROPPED -> dropped.add(field);
      case REFUSED -> throw refused(field);
    }
  }

  private static ApiException refused(String field) {
    String advice =
        switch (field) {
          case "functions", "function_call" -> "Use 'tools' and 'tool_choice'.";
          default -> "Leave it out or choose a model of another provider.";
        };
    return ApiException.invalidRequest(
        "'%s' cannot be carried to Gemini. %s".formatted(field, advice), field);
  }

  /** Whether a value says no more than its absence. */
  private static boolean isNeutral(JsonNode value) {
    return value.isNull() || (value.isContainerNode() && value.isEmpty());
  }

  private static @Nullable JsonNode first(
      JsonNode chat, JsonNode google, String snake, String camel) {
    JsonNode value = Trees.value(chat, snake);
    value = value == null ? Trees.value(chat, camel) : value;
    return value == null ? Trees.value(google, snake) : value;
  }

  private static void put(ObjectNode body, String name, @Nullable JsonNode value) {
    if (value != null) {
      body.set(name, value);
    }
  }
}
