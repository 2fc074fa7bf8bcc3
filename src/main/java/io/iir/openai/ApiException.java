package io.iir.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal or failure that the client is told about in OpenAI's error form.
 *
 * <p>Carries no stack trace: it is an answer, not a defect. Immutable.
 *
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI's error codes</a>
 */
public final class ApiException extends RuntimeException {

  private final transient ApiError error;
  private final transient Map<String, String> headers;

  /** An answer of {@code error} with no headers of its own. */
  public ApiException(ApiError error) {
    this(error, Map.of());
  }

  /** An answer of {@code error} with {@code headers} (such as Retry-After) added to it. */
  public ApiException(ApiError error, Map<String, String> headers) {
    super(error.message(), null, false, false);
    this.error = error;
    this.headers = Map.copyOf(headers);
  }

  /** What the client is told. */
  public ApiError error() {
    return error;
  }

  /** Headers that go with the answer, by name. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Not its words, which may be a provider's and repeat what it was sent: logs hold this. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // its message is for the client
  public String toString() {
    return "ApiException[%d %s]".formatted(error.status(), error.source());
  }

  /** 400: the body is not JSON as RFC 8259 has it. */
  public static ApiException invalidJson(String message) {
    return new ApiException(ApiError.invalid(400, "invalid_json", message, null));
  }

  /** 400: the field {@code param} (null: the request as a whole) is missing or wrong. */
  public static ApiException invalidRequest(String message, @Nullable String param) {
    return new ApiException(ApiError.invalid(400, "invalid_request", message, param));
  }
}
