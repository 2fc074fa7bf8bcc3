package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A provider's error answer in OpenAI's form, whatever form it came in: OpenAI's own, llama.cpp's
 * with a number as code, a bare string (vLLM, Ollama), {@code object: error} (older vLLM, Mistral),
 * FastAPI's {@code detail}, {@code message} (Bedrock, Cohere), Anthropic's, Gemini's, plain text,
 * HTML, or nothing. Stateless.
 */
public final class ProviderErrorBody {

  /** The most characters of a message. */
  public static final int MAX_MESSAGE = 4_000;

  private ProviderErrorBody() {}

  /** The error that {@code provider} answered with {@code status} and {@code body}. */
  public static ApiError normalise(int status, byte[] body, String provider) {
    JsonNode root = tree(body);
    root = root.isArray() && root.path(0).has("error") ? root.path(0) : root;
    JsonNode error = root.path("error").isObject() ? root.path("error") : root;
    String text = root.isMissingNode() ? ErrorText.plain(body) : ErrorText.in(error);
    if (text == null && !error.isEmpty()) {
      text = error.toString();
    }
    return new ApiError(
        status,
        type(error, status),
        code(error, status),
        message(text, status, provider),
        param(error),
        ApiError.Source.PROVIDER);
  }

  /**
   * What the client gets of that answer: the very bytes if they are in OpenAI's form already, else
   * {@link #normalise}'s.
   */
  public static byte[] passThrough(int status, byte[] body, String provider) {
    JsonNode root = tree(body);
    boolean asItIs = isOpenAi(root.path("error")) && !root.has("type");
    return asItIs ? body : normalise(status, body, provider).toJson();
  }

  private static boolean isOpenAi(JsonNode error) {
    JsonNode message = error.path("message");
    JsonNode code = error.path("code");
    return message.isTextual()
        && message.asText().length() <= MAX_MESSAGE
        && ErrorText.unfit(message.asText()) == null
        && (code.isTextual() || code.isNull() || code.isMissingNode());
  }

  private static String message(@Nullable String text, int status, String provider) {
    String what = text == null ? "an empty body" : ErrorText.unfit(text);
    if (text == null || what != null) {
      return "Provider '%s' answered %d with %s.".formatted(provider, status, what);
    }
    return ErrorText.cut(text, MAX_MESSAGE);
  }

  private static String type(JsonNode error, int status) {
    String type = error.path("type").asText("");
    if (!type.isEmpty() && !type.equals("error")) {
      return type;
    }
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  private static String code(JsonNode error, int status) {
    JsonNode code = error.path("code");
    if (code.isTextual() && !code.asText().isBlank() && !isNumber(code.asText())) {
      return code.asText();
    }
    if (error.path("type").asText("").equals("exceed_context_size_error")) {
      return "context_length_exceeded";
    }
    int number = code.asInt();
    return codeOf(number >= 400 && number < 600 ? number : status);
  }

  private static String codeOf(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 402 -> "insufficient_quota";
      case 403 -> "permission_denied";
      case 404 -> "not_found";
      case 408, 504 -> "provider_timeout";
      case 413 -> "request_too_large";
      case 415 -> "unsupported_media_type";
      case 429 -> "rate_limit_exceeded";
      default -> status < 500 ? "invalid_request" : "provider_error";
    };
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static @Nullable String param(JsonNode error) {
    if (error.path("param").isTextual()) {
      return error.path("param").asText();
    }
    return ErrorText.location(error.path("detail").path(0));
  }

  /** The body as a tree; missing if it is no JSON object, array or string. */
  private static JsonNode tree(byte[] body) {
    try {
      JsonNode tree = JsonBytes.TREE.readTree(body);
      return tree.isContainerNode() || tree.isTextual() ? tree : MissingNode.getInstance();
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }
}
