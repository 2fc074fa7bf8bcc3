package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.backend.AnswerTranslator;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's count of a request's tokens as a chat completion that says nothing, cost nothing, and
 * holds the count as {@code anthropic_message}. Stateless.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/count_tokens">Count tokens</a>
 */
final class CountTranslator implements AnswerTranslator {

  @Override
  public boolean isStream(String contentType) {
    return false;
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    wire.release();
    throw new IllegalStateException("a count of tokens is no stream");
  }

  @Override
  public @Nullable ByteBuf end() {
    return null;
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    if (status < 200 || status >= 300) {
      return MessageError.of(status, body);
    }
    ObjectNode completion = JsonNodeFactory.instance.objectNode();
    completion.put("object", "chat.completion");
    ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", "");
    choice.put("finish_reason", "stop");
    completion.putObject("usage").put("prompt_tokens", 0).put("completion_tokens", 0);
    completion.set("anthropic_message", count(body));
    return JsonBytes.write(completion);
  }

  private static JsonNode count(byte[] body) {
    try {
      JsonNode count = JsonBytes.TREE.readTree(body);
      if (count.path("input_tokens").isIntegralNumber()) {
        return count;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
    throw new IllegalArgumentException("it has no 'input_tokens'");
  }

  @Override
  public int status(int status, byte[] body) {
    return MessageError.status(status, body);
  }

  @Override
  public void close() {}
}
