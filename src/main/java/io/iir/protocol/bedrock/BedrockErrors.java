package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiError;
import io.iir.openai.ProviderErrorBody;
import java.io.IOException;
import java.util.Locale;

/**
 * Bedrock's errors, {@code {"message"}} with a status or an exception in the stream, as OpenAI's.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors">
 *     Converse's errors</a>
 */
final class BedrockErrors {

  private BedrockErrors() {}

  /** The error that an answer of {@code status} is. */
  static ApiError of(int status, byte[] body) {
    String type = "";
    try {
      JsonNode root = Trees.read(body);
      type = root.path("__type").asText("");
    } catch (IOException notJson) {
      // what it is, its status tells
    }
    return coded(ProviderErrorBody.normalise(status, body, "bedrock"), type);
  }

  /** The error that an exception in the stream is. */
  static ApiError inStream(String exception, byte[] payload) {
    String name = exception.toLowerCase(Locale.ROOT);
    int status =
        name.contains("validation")
            ? 400
            : name.contains("throttling") ? 429 : name.contains("unavailable") ? 503 : 500;
    return coded(ProviderErrorBody.normalise(status, payload, "bedrock"), exception);
  }

  /** The error of a model that failed. */
  static ApiError failed(String message) {
    return new ApiError(
        502, "server_error", "provider_error", message, null, ApiError.Source.PROVIDER);
  }

  private static ApiError coded(ApiError plain, String exception) {
    String message = plain.message().toLowerCase(Locale.ROOT);
    if (message.contains("input is too long")
        || message.contains("prompt is too long")
        || message.contains("too many input tokens")
        || message.contains("maximum context length")
        || message.contains("exceeds the model's context")) {
      return with(plain, "invalid_request_error", "context_length_exceeded");
    }
    boolean key =
        message.contains("security token")
            || message.contains("signature")
            || exception.contains("UnrecognizedClient")
            || exception.contains("ExpiredToken");
    return plain.status() == 403 && key
        ? with(plain, "authentication_error", "invalid_api_key")
        : plain;
  }

  private static ApiError with(ApiError error, String type, String code) {
    return new ApiError(error.status(), type, code, error.message(), error.param(), error.source());
  }
}
