package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiError;
import io.iir.openai.ProviderErrorBody;
import java.io.IOException;
import java.util.Locale;

/**
 * Google's errors, {@code {"error":{"code","message","status","details"}}} or an array of one, as
 * OpenAI's.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/troubleshooting">Gemini's error codes</a>
 * @see <a href="https://google.aip.dev/193">Google's form of errors</a>
 */
final class GeminiErrors {

  private GeminiErrors() {}

  /** The error that an answer of {@code status} is. */
  static ApiError of(int status, byte[] body) {
    ApiError plain = ProviderErrorBody.normalise(status, body, "gemini");
    JsonNode root;
    try {
      root = Trees.EXACT.readTree(body);
    } catch (IOException notJson) {
      return plain;
    }
    JsonNode error = (root.isArray() ? root.path(0) : root).path("error");
    String message = error.path("message").asText("").toLowerCase(Locale.ROOT);
    for (JsonNode detail : error.path("details")) {
      if (detail.path("reason").asText().equals("API_KEY_INVALID")) {
        return coded(plain, "authentication_error", "invalid_api_key");
      }
    }
    if (message.contains("exceeds the maximum number of tokens")) {
      return coded(plain, plain.type(), "context_length_exceeded");
    }
    if (status == 404 && message.contains("model")) {
      return coded(plain, plain.type(), "model_not_found");
    }
    return plain;
  }

  private static ApiError coded(ApiError error, String type, String code) {
    return new ApiError(error.status(), type, code, error.message(), error.param(), error.source());
  }
}
