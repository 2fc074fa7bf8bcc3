package io.iir.api.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.ChatRequest;
import io.iir.openai.ChatRequest.Original;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.transport.StreamEncoder;

/**
 * OpenAI's Responses API in its stateless form: each request has the whole conversation in it. Of
 * answers only their items are kept, for an hour, that clients may refer to them. Any model
 * answers, by a chat.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses">OpenAI's reference</a>
 */
public final class ResponsesApi implements ClientApi {

  private final KeptItems kept = new KeptItems();

  @Override
  public String name() {
    return "responses";
  }

  @Override
  public ModelRequest read(byte[] body, String contentType) {
    ObjectNode request = JsonBytes.object(body);
    byte[] chat = JsonBytes.write(RequestFields.chat(request, kept));
    return ChatRequest.of(chat, Original.echoed(name(), Echo.of(request)));
  }

  @Override
  public byte[] answer(byte[] answer, ModelRequest request) {
    return ResponsesEncoder.whole(answer, new ResponseObject(request.model(), echo(request), kept));
  }

  @Override
  public StreamEncoder encoder(ModelRequest request) {
    return new ResponsesEncoder(new ResponseObject(request.model(), echo(request), kept));
  }

  @Override
  public byte[] error(ApiError error, String requestId) {
    return error.toJson();
  }

  private static byte[] echo(ModelRequest request) {
    Original original = request instanceof ChatRequest chat ? chat.original() : null;
    if (original == null) {
      throw new IllegalArgumentException("the request is none of this API's");
    }
    return original.echo();
  }
}
