package io.iir.api;

import io.iir.openai.ApiError;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.openai.OperationRequest;
import io.iir.openai.TranscriptionRequest;
import io.iir.transport.StreamEncoder;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's API for one {@link Operation} other than a conversation. Answers go through as they are.
 */
public final class OperationApi implements ClientApi {

  private final String name;
  private final Operation operation;

  /** The API of that {@code name} for {@code operation}. */
  public OperationApi(String name, Operation operation) {
    this.name = name;
    this.operation = operation;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    return operation == Operation.TRANSCRIPTION
        ? TranscriptionRequest.parse(body, contentType)
        : OperationRequest.parse(operation, body);
  }

  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    return answer;
  }

  @Override
  public @Nullable StreamEncoder encoder(ModelRequest request) {
    return null;
  }

  @Override
  public byte @Nullable [] error(ApiError error, String requestId) {
    return null;
  }
}
