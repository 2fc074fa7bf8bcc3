package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iir.openai.ApiError;
import io.iir.openai.JsonBytes;
import io.iir.openai.ProviderErrorBody;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Google's errors, {@code {"error":{"code","message","status","details"}}} or an array of one, as
 * OpenAI's.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/troubleshooting">Gemini's error codes</a>
 * @see <a href="https://google.aip.dev/193">Google's form of errors</a>
 */
final class GeminiErrors {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?s");

  private GeminiErrors() {}

  /** The error that an answer of {@code status} is. */
  static ApiError of(int status, byte[] body) {
    int told = status(status, body);
    ApiError plain = ProviderErrorBody.normalise(told, body, "gemini");
    String message = error(body).path("message").asText("").toLowerCase(Locale.ROOT);
    if (message.contains("exceeds the maximum number of tokens")) {
      return coded(plain, "context_length_exceeded");
    }
    if (status == 404 && message.contains("model")) {
      return coded(plain, "model_not_found");
    }
    return told == 401 ? coded(plain, "invalid_api_key") : plain;
  }

  /** The status of an error: Gemini has 400 for a key that is wrong. */
  static int status(int status, byte[] body) {
    for (JsonNode detail : error(body).path("details")) {
      if (detail.path("reason").asText().equals("API_KEY_INVALID")) {
        return 401;
      }
    }
    return status;
  }

  /**
   * The seconds after which to ask again, as the error's details say them; null: they do not.
   *
   * @see <a
   *     href="https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto">
   *     RetryInfo</a>
   */
  static @Nullable String retryAfter(byte[] body) {
    for (JsonNode detail : error(body).path("details")) {
      String delay = detail.path("retryDelay").asText();
      if (SECONDS.matcher(delay).matches()) {
        double seconds = Double.parseDouble(delay.substring(0, delay.length() - 1));
        return Long.toString((long) Math.ceil(seconds));
      }
    }
    return null;
  }

  private static JsonNode error(byte[] body) {
    try {
      JsonNode root = JsonBytes.TREE.readTree(body);
      return (root.isArray() ? root.path(0) : root).path("error");
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static ApiError coded(ApiError error, String code) {
    return new ApiError(
        error.status(), error.type(), code, error.message(), error.param(), error.source());
  }
}
