package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Errors as Anthropic's clients parse them: {@code
 * {"type":"error","error":{"type","message"},"request_id"}}.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/errors">Anthropic's errors</a>
 */
final class ErrorForm {

  private static final Set<String> TYPES =
      Set.of(
          "invalid_request_error",
          "authentication_error",
          "billing_error",
          "permission_error",
          "not_found_error",
          "request_too_large",
          "rate_limit_error",
          "timeout_error",
          "api_error",
          "overloaded_error");

  private ErrorForm() {}

  /** Anthropic's type of an error of this status. */
  static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 408, 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** Anthropic's type of an error that came inside a stream, in OpenAI's form. */
  static String type(JsonNode error) {
    String type = error.path("type").asText();
    if (TYPES.contains(type)) {
      return type;
    }
    int status = error.path("code").asInt(0);
    if (status >= 400 && status < 600) {
      return type(status);
    }
    return switch (error.path("code").asText()) {
      case "provider_timeout" -> "timeout_error";
      case "no_target_available", "overloaded" -> "overloaded_error";
      case "rate_limit_exceeded" -> "rate_limit_error";
      default -> "api_error";
    };
  }

  /** An error, and the request that it is of, if that is known. */
  static byte[] write(String type, String message, @Nullable String requestId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JsonBytes.PLAIN.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", "error");
      json.writeObjectFieldStart("error");
      json.writeStringField("type", type);
      json.writeStringField("message", message);
      json.writeEndObject();
      if (requestId != null) {
        json.writeStringField("request_id", requestId);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
