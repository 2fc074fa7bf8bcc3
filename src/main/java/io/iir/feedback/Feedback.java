package io.iir.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iir.openai.ApiException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of an answer.
 *
 * @param requestId the {@code x-request-id} that came with it
 * @param score from 0, of no use, to 1, all that was wanted
 * @param comment for people; null: none
 */
public record Feedback(String requestId, double score, @Nullable String comment) {

  private static final int LONGEST_ID = 128;
  private static final int LONGEST_COMMENT = 1_000;
  private static final String REQUEST_ID = "request_id";
  private static final String SCORE = "score";
  private static final String COMMENT = "comment";
  private static final List<String> FIELDS = List.of(REQUEST_ID, SCORE, COMMENT);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads {@code body}, a JSON object, strictly.
   *
   * @throws ApiException 400 that names the field
   */
  public static Feedback parse(byte @Nullable [] body) {
    JsonNode root = tree(body);
    Iterator<String> names = root.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!FIELDS.contains(name)) {
        throw invalid(name, "is not a known field; allowed are " + String.join(", ", FIELDS));
      }
    }
    return new Feedback(
        requestId(root.path(REQUEST_ID)), score(root.path(SCORE)), comment(root.path(COMMENT)));
  }

  private static JsonNode tree(byte @Nullable [] body) {
    if (body == null || body.length == 0) {
      throw ApiException.invalidJson("The body is empty: send a JSON object.");
    }
    try {
      JsonNode root = JSON.readTree(body);
      if (!root.isObject()) {
        throw ApiException.invalidRequest("The body must be a JSON object.", null);
      }
      return root;
    } catch (JsonProcessingException e) {
      throw ApiException.invalidJson(
          "The body is not valid JSON: %s.".formatted(e.getOriginalMessage()));
    } catch (IOException e) {
      throw ApiException.invalidJson("The body is not valid JSON: it is not UTF-8.");
    }
  }

  private static String requestId(JsonNode node) {
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw invalid(REQUEST_ID, "must be the x-request-id of an answer");
    }
    String id = node.textValue();
    if (id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
      throw invalid(
          REQUEST_ID,
          "is no x-request-id: those have at most %d letters, digits, dots,".formatted(LONGEST_ID)
              + " dashes and underscores");
    }
    return id;
  }

  private static double score(JsonNode node) {
    double score = node.doubleValue();
    if (!node.isNumber() || !(score >= 0 && score <= 1)) {
      throw invalid(SCORE, "must be a number from 0, of no use, to 1, all that was wanted");
    }
    return score;
  }

  private static @Nullable String comment(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual() || node.textValue().length() > LONGEST_COMMENT) {
      throw invalid(
          COMMENT, "must be a string of at most %d characters".formatted(LONGEST_COMMENT));
    }
    return node.textValue().replace("\0", "");
  }

  private static ApiException invalid(String param, String problem) {
    return ApiException.invalidRequest("'%s' %s.".formatted(param, problem), param);
  }
}
