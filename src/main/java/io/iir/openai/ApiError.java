package io.iir.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * An error as OpenAI's clients parse it: {@code {"error":{"message","type","param","code"}}}.
 *
 * @param status the HTTP status, 400..599
 * @param type OpenAI's class of error, such as {@code invalid_request_error}
 * @param code a stable word that programs test, such as {@code invalid_api_key}
 * @param message what is wrong, where, and what to do, for a person
 * @param param the field of the request that is at fault, if one is
 * @param source who refused: the gateway or the provider behind it
 */
public record ApiError(
    int status, String type, String code, String message, @Nullable String param, Source source) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Who refused; the header {@code x-iir-error-source} says it. */
  public enum Source {
    /** This gateway. */
    GATEWAY,
    /** The provider that was called. */
    PROVIDER;

    /** The header's value: the name in lower case. */
    public String headerValue() {
      return this == GATEWAY ? "gateway" : "provider";
    }
  }

  /** A fault of the client's, found by the gateway: type {@code invalid_request_error}. */
  public static ApiError invalid(int status, String code, String message, @Nullable String param) {
    return new ApiError(status, "invalid_request_error", code, message, param, Source.GATEWAY);
  }

  /** A fault of the gateway's own or of what it depends on: type {@code server_error}. */
  public static ApiError server(int status, String code, String message) {
    return new ApiError(status, "server_error", code, message, null, Source.GATEWAY);
  }

  /** The body of the answer, UTF-8 JSON. */
  public byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart("error");
      json.writeStringField("message", message);
      json.writeStringField("type", type);
      json.writeStringField("param", param);
      json.writeStringField("code", code);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
