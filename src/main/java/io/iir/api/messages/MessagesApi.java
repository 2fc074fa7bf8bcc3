package io.iir.api.messages;

import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.ContextOverflow;
import io.iir.openai.ModelRequest;
import io.iir.provider.ProviderDirectory;
import io.iir.transport.StreamEncoder;

/**
 * Anthropic's Messages API. A request goes to a provider of Anthropic's own protocol as it is, to
 * any other in OpenAI's form. Thread-safe.
 */
public final class MessagesApi implements ClientApi {

  private static final String NAME = "messages";

  /** Clients know by these words that they must shorten a conversation. */
  private static final String TOO_LONG = "prompt is too long";

  private final RequestReader reader;

  /** The API, whose clients may name the models of {@code directory}. */
  public MessagesApi(ProviderDirectory directory) {
    this.reader = new RequestReader(NAME, new ClaudeNames(directory)::of);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    return reader.read(body);
  }

  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    return AnswerWriter.write(answer, request);
  }

  @Override
  public StreamEncoder encoder(ModelRequest request) {
    return new MessageEncoder(request);
  }

  @Override
  public byte[] error(ApiError error, String requestId) {
    boolean tooLong = ContextOverflow.is(error) && !error.message().startsWith(TOO_LONG);
    String message = tooLong ? TOO_LONG + ": " + error.message() : error.message();
    return ErrorForm.write(ErrorForm.type(error.status()), message, requestId);
  }
}
