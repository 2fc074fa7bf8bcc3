package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiError;
import io.iir.openai.ProviderErrorBody;
import java.util.Locale;

/**
 * Anthropic's errors, {@code {"type":"error","error":{"type","message"}}}, in OpenAI's form.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/errors">Anthropic's errors</a>
 */
final class MessageError {

  private static final String NAME = "anthropic";

  private MessageError() {}

  /** The body of an answer that is no success. */
  static byte[] of(int status, byte[] body) {
    return toOpenAi(ProviderErrorBody.normalise(status, body, NAME)).toJson();
  }

  /** The status OpenAI would have: Anthropic has 400, too, for an account that must pay. */
  static int status(int status, byte[] body) {
    boolean unpaid =
        status == 400 && isUnpaid(ProviderErrorBody.normalise(status, body, NAME).message());
    return unpaid ? 402 : status;
  }

  /** An error in the middle of a stream, the data of whose event is {@code data}. */
  static byte[] inStream(JsonNode event, byte[] data) {
    int status = status(event.path("error").path("type").asText(""));
    return of(status, data);
  }

  private static ApiError toOpenAi(ApiError error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    String code =
        switch (error.type()) {
          case "invalid_request_error" ->
              isTooLong(message)
                  ? "context_length_exceeded"
                  : isUnpaid(message) ? "insufficient_quota" : error.code();
          case "not_found_error" -> message.startsWith("model:") ? "model_not_found" : "not_found";
          case "request_too_large" -> "request_too_large";
          case "billing_error" -> "insufficient_quota";
          case "overloaded_error" -> "overloaded";
          case "timeout_error" -> "provider_timeout";
          default -> error.code();
        };
    String type =
        switch (error.type()) {
          case "not_found_error", "request_too_large" -> "invalid_request_error";
          case "billing_error" -> "insufficient_quota";
          case "invalid_request_error" ->
              isUnpaid(message) ? "insufficient_quota" : "invalid_request_error";
          case "api_error", "overloaded_error", "timeout_error" -> "server_error";
          default -> error.type();
        };
    return new ApiError(
        error.status(), type, code, error.message(), error.param(), ApiError.Source.PROVIDER);
  }

  /** As Anthropic words it where the prompt, or prompt and answer, exceed the context. */
  private static boolean isTooLong(String message) {
    return message.contains("prompt is too long") || message.contains("exceed context limit");
  }

  /** As Anthropic words it where an account has no money left. */
  private static boolean isUnpaid(String message) {
    return message.toLowerCase(Locale.ROOT).contains("credit balance is too low");
  }

  private static int status(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }
}
