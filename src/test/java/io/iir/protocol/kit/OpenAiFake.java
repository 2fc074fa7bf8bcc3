package io.iir.protocol.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions, as strict as they are. */
public final class OpenAiFake extends RecordedFake {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  /** One on a free port. */
  public OpenAiFake() {
    super("openai");
  }

  @Override
  public String model() {
    return "gpt-4o-mini";
  }

  @Override
  public boolean can(Feature feature) {
    return feature != Feature.REASONING; // OpenAI keeps it to itself
  }

  @Override
  protected @Nullable String fault(FakeProvider.Call call) {
    if (!call.target().equals("/v1/chat/completions")) {
      return "Invalid URL (POST " + call.target() + ")";
    }
    String key = call.headers().getFirst("Authorization");
    if (key == null || !key.startsWith("Bearer sk-upstream-")) {
      return "You didn't provide an API key.";
    }
    JsonNode body = Gateway.json(call.body());
    if (!body.path("model").asText().equals(model())) {
      return "you must provide a model parameter";
    }
    for (JsonNode message : body.path("messages")) {
      if (!ROLES.contains(message.path("role").asText())) {
        return "Invalid value: '%s'.".formatted(message.path("role").asText());
      }
    }
    return body.path("messages").isEmpty() ? "'messages' must not be empty." : null;
  }

  @Override
  protected String refusal(String fault) {
    ObjectNode body = NODES.objectNode();
    body.putObject("error")
        .put("message", fault)
        .put("type", "invalid_request_error")
        .putNull("param")
        .putNull("code");
    return body.toString();
  }

  @Override
  protected byte[] whole(String text) {
    ObjectNode completion = (ObjectNode) Gateway.json(new String(file("chat.json"), UTF_8));
    ((ObjectNode) completion.path("choices").path(0).path("message")).put("content", text);
    return completion.toString().getBytes(UTF_8);
  }

  @Override
  protected byte[] streamBegins(String piece) {
    String recorded = new String(file("chat.sse"), UTF_8);
    String beginning = recorded.substring(0, recorded.indexOf("\n\n") + 2);
    return (piece.isEmpty() ? beginning : beginning + event(piece)).getBytes(UTF_8);
  }

  @Override
  protected byte[] streamGoesOn(String piece) {
    return event(piece).getBytes(UTF_8);
  }

  private static String event(String piece) {
    ObjectNode chunk =
        NODES
            .objectNode()
            .put("id", "chatcmpl-APfFSQXvyhxafsCMim55E7utaYINv")
            .put("object", "chat.completion.chunk")
            .put("created", 1730680122)
            .put("model", "gpt-4-0613");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta").put("content", piece);
    choice.putNull("logprobs").putNull("finish_reason");
    chunk.putNull("usage");
    return "data: " + chunk + "\n\n";
  }

  @Override
  protected byte[] streamEnds() {
    String recorded = new String(file("chat.sse"), UTF_8);
    int last = recorded.indexOf("\"finish_reason\":\"stop\"");
    return recorded.substring(recorded.lastIndexOf("data: ", last)).getBytes(UTF_8);
  }

  @Override
  protected byte[] streamFails() {
    return ("data: {\"error\":{\"message\":\"The server had an error while processing your request."
            + " Sorry about that!\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n")
        .getBytes(UTF_8);
  }
}
