package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.provider.ProviderDirectory;
import io.iir.transport.StreamEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Anthropic's Messages API that counts the tokens of a request without answering it.
 * Thread-safe.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/count_tokens">Anthropic's
 *     reference</a>
 */
public final class CountTokensApi implements ClientApi {

  private static final String NAME = "count-tokens";

  private final RequestReader reader;

  /** The API, whose clients may name the models of {@code directory}. */
  public CountTokensApi(ProviderDirectory directory) {
    this.reader = new RequestReader(NAME, new ClaudeNames(directory)::of);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    return reader.readToCount(body);
  }

  @Override
  public boolean isAnswered() {
    return false;
  }

  /** The provider's count if {@code answer} holds one, else the estimate. */
  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    try {
      JsonNode count = JsonBytes.TREE.readTree(answer).path(AnswerWriter.ORIGINAL);
      return JsonBytes.write(
          count.isObject()
              ? count
              : JsonNodeFactory.instance.objectNode().put("input_tokens", request.promptTokens()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
