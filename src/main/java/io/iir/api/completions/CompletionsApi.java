package io.iir.api.completions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.api.ChatChunk;
import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ChatRequest.Original;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * OpenAI's legacy completions, for any model: a server that continues prompts gets what the client
 * sent, any other model answers by a chat.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions">OpenAI's reference</a>
 */
public final class CompletionsApi implements ClientApi {

  @Override
  public String name() {
    return "completions";
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    ObjectNode request = JsonBytes.object(body);
    Prompt prompt = Prompt.of(request.path("prompt"));
    byte[] chat = JsonBytes.write(PromptRequest.chat(request, prompt));
    ApiException noChat = PromptRequest.noChat(request, prompt);
    byte[] echo = PromptRequest.echo(request, prompt);
    return ChatRequest.of(chat, new Original(name(), body, noChat, echo));
  }

  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    ChatChunk chat = ChatChunk.read(answer);
    if (chat == null) {
      throw new IllegalArgumentException("the answer is no chat completion");
    }
    if (chat.isText()) {
      return answer;
    }
    ByteBuf out = Unpooled.buffer(answer.length + 256);
    writer(request).whole(chat, out);
    return ByteBufUtil.getBytes(out);
  }

  @Override
  public StreamEncoder encoder(ModelRequest request) {
    return new CompletionsEncoder(writer(request));
  }

  @Override
  public byte[] error(ApiError error, String requestId) {
    return error.toJson();
  }

  private static CompletionWriter writer(ModelRequest request) {
    Original original = request instanceof ChatRequest chat ? chat.original() : null;
    if (original == null) {
      throw new IllegalArgumentException("the request is none of this API's");
    }
    return new CompletionWriter(original.echo(), request.model());
  }
}
