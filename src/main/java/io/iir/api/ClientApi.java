package io.iir.api;

import io.iir.openai.ApiError;
import io.iir.openai.ModelRequest;
import io.iir.transport.StreamEncoder;
import org.jspecify.annotations.Nullable;

/**
 * An API that clients speak. Between its two ends the flow knows requests and answers in the form
 * of OpenAI's chat completions, or of the {@link io.iir.openai.Operation} that it is. One instance
 * an API, thread-safe.
 */
public interface ClientApi {

  /** Its name, which is that of its route. */
  String name();

  /**
   * Reads a request's body, once.
   *
   * @param contentType the media type that the client gave, with its parameters
   * @throws io.iir.openai.ApiException 400 that names what is wrong and where
   */
  ModelRequest read(byte[] body, String contentType);

  /** Whether a model answers its requests; else they are looked at, and no more. */
  default boolean isAnswered() {
    return true;
  }

  /** A whole, successful answer to {@code request} in this API's form. */
  byte[] answer(byte[] answer, ModelRequest request);

  /** Puts a streamed answer to {@code request} into this API's form; null: it has it already. */
  @Nullable StreamEncoder encoder(ModelRequest request);

  /** A refusal or failure in this API's form; null: that is OpenAI's. */
  byte @Nullable [] error(ApiError error, String requestId);
}
