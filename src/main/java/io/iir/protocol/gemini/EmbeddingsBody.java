package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An embeddings request as the body of {@code batchEmbedContents}, or of {@code predict} at Vertex
 * AI.
 *
 * @see <a href="https://ai.google.dev/api/embeddings">The Gemini API's embeddings</a>
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api">Vertex
 *     AI's</a>
 */
final class EmbeddingsBody {

  private static final Set<String> KNOWN =
      Set.of("model", "input", "dimensions", "encoding_format", "task_type");

  private EmbeddingsBody() {}

  static ObjectNode of(JsonNode request, GeminiModel model, Set<String> dropped) {
    request.fieldNames().forEachRemaining(field -> drop(field, dropped));
    List<String> texts = texts(request.path("input"));
    JsonNode dimensions = Trees.value(request, "dimensions");
    JsonNode task = Trees.value(request, "task_type");
    return model.vertex()
        ? predict(one(texts, model), dimensions, task)
        : batch(texts, dimensions, task, model);
  }

  /** Whether the vectors are wanted as text: base64 of little-endian floats. */
  static boolean wantsBase64(JsonNode request) {
    String format = request.path("encoding_format").asText("float");
    if (!format.equals("float") && !format.equals("base64")) {
      throw ApiException.invalidRequest(
          "'encoding_format' is '%s'; it must be float or base64.".formatted(format),
          "encoding_format");
    }
    return format.equals("base64");
  }

  private static void drop(String field, Set<String> dropped) {
    if (!KNOWN.contains(field)) {
      dropped.add(field);
    }
  }

  private static List<String> texts(JsonNode input) {
    List<String> texts = new ArrayList<>();
    if (input.isTextual()) {
      texts.add(input.asText());
    }
    for (JsonNode text : input) {
      if (!text.isTextual()) {
        throw ApiException.invalidRequest(
            "'input' has tokens; Gemini embeds texts only. Send strings.", "input");
      }
      texts.add(text.asText());
    }
    if (texts.isEmpty()) {
      throw ApiException.invalidRequest(
          "'input' must be a string or an array of strings that is not empty.", "input");
    }
    return texts;
  }

  /** Vertex AI's older models take several texts a call, those of Gemini's one. */
  private static List<String> one(List<String> texts, GeminiModel model) {
    if (texts.size() > 1 && model.name().contains("gemini-embedding")) {
      throw ApiException.invalidRequest(
          "'input' has %d texts, and at Vertex AI %s embeds one a call. Send them one by one."
              .formatted(texts.size(), model.name()),
          "input");
    }
    return texts;
  }

  private static ObjectNode batch(
      List<String> texts,
      @Nullable JsonNode dimensions,
      @Nullable JsonNode task,
      GeminiModel model) {
    ArrayNode requests = Trees.array();
    for (String text : texts) {
      ObjectNode one = requests.addObject().put("model", model.resource());
      ObjectNode content = one.putObject("content").put("role", "user");
      content.putArray("parts").addObject().put("text", text);
      if (task != null) {
        one.set("taskType", task);
      }
      if (dimensions != null) {
        one.set("outputDimensionality", dimensions);
      }
    }
    return Trees.object("requests", requests);
  }

  private static ObjectNode predict(
      List<String> texts, @Nullable JsonNode dimensions, @Nullable JsonNode task) {
    ArrayNode instances = Trees.array();
    for (String text : texts) {
      ObjectNode one = instances.addObject().put("content", text);
      if (task != null) {
        one.set("task_type", task);
      }
    }
    ObjectNode body = Trees.object("instances", instances);
    if (dimensions != null) {
      body.set("parameters", Trees.object("outputDimensionality", dimensions));
    }
    return body;
  }
}
