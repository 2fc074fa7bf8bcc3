package io.iir.admin;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iir.openai.ApiException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what an administrator sends, strictly. Stateless. */
final class JsonBody {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonBody() {}

  /**
   * The JSON object that {@code body} is.
   *
   * @throws ApiException 400 {@code invalid_json} or {@code invalid_request} if it is none
   */
  static JsonNode parse(byte @Nullable [] body) {
    if (body == null || body.length == 0) {
      throw ApiException.invalidJson("The body is empty: send a JSON object.");
    }
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (StreamConstraintsException e) {
      throw ApiException.invalidJson(
          "The body is not valid JSON: it is nested too deep, or a value is too long.");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
      throw ApiException.invalidJson(
          "The body is not valid JSON: %s%s.".formatted(e.getOriginalMessage(), where));
    } catch (IOException e) {
      throw ApiException.invalidJson("The body is not valid JSON: it is not UTF-8.");
    }
    if (!root.isObject()) {
      throw ApiException.invalidRequest("The body must be a JSON object.", null);
    }
    return root;
  }
}
