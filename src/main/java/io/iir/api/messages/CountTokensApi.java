package io.iir.api.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.provider.ProviderDirectory;
import io.iir.transport.StreamEncoder;
import org.jspecify.annotations.Nullable;

/**
 * The part of Anthropic's Messages API that counts the tokens of a request without answering it.
 * Thread-safe.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/count_tokens">Anthropic's
 *     reference</a>
 */
public final class CountTokensApi implements ClientApi {

  private final RequestReader reader;

  /** The API, whose clients may name the models of {@code directory}. */
  public CountTokensApi(ProviderDirectory directory) {
    this.reader = new RequestReader(new ClaudeNames(directory)::of);
  }

  @Override
  public String name() {
    return "count-tokens";
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    return reader.readToCount(body);
  }

  /** The count itself, whatever {@code answer} is: the estimate that {@code request} has. */
  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    return JsonBytes.write(
        JsonNodeFactory.instance.objectNode().put("input_tokens", request.promptTokens()));
  }

  @Override
  public @Nullable StreamEncoder encoder(ModelRequest request) {
    return null;
  }

  @Override
  public byte[] error(ApiError error, String requestId) {
    return ErrorForm.write(ErrorForm.type(error.status()), error.message(), requestId);
  }
}
