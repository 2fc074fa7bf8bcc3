package io.iir.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.kit.RecordedFake;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Anthropic, as strict as it is. */
public final class AnthropicFake extends RecordedFake {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> VERSIONS = Set.of("2023-06-01", "2026-10-21");

  /** One on a free port. */
  public AnthropicFake() {
    super("anthropic");
  }

  @Override
  public String model() {
    return "claude-haiku-4-5";
  }

  @Override
  public boolean can(Feature feature) {
    return true;
  }

  @Override
  protected @Nullable String fault(FakeProvider.Call call) {
    if (!call.target().equals("/v1/messages")) {
      return "not found: " + call.target();
    }
    String version = call.headers().getFirst("anthropic-version");
    if (version == null || !VERSIONS.contains(version)) {
      return "anthropic-version: header is required";
    }
    if (!isKey(call.headers().getFirst("x-api-key"))
        || call.headers().containsKey("Authorization")) {
      return "x-api-key: header is required, and no other credential";
    }
    return AnthropicRules.fault(Gateway.json(call.body()));
  }

  private static boolean isKey(@Nullable String key) {
    return key != null && key.startsWith("sk-upstream-");
  }

  @Override
  protected String refusal(String fault) {
    ObjectNode body = NODES.objectNode().put("type", "error");
    body.putObject("error").put("type", "invalid_request_error").put("message", fault);
    return body.toString();
  }

  @Override
  protected byte[] whole(String text) {
    ObjectNode message = (ObjectNode) Gateway.json(new String(file("chat.json"), UTF_8));
    message.putArray("content").addObject().put("type", "text").put("text", text);
    return message.toString().getBytes(UTF_8);
  }

  @Override
  protected byte[] streamBegins(String piece) {
    String recorded = new String(file("chat.sse"), UTF_8);
    String beginning = recorded.substring(0, recorded.indexOf("event: ping"));
    byte[] begins = beginning.getBytes(UTF_8);
    return piece.isEmpty() ? begins : (beginning + event(piece)).getBytes(UTF_8);
  }

  @Override
  protected byte[] streamGoesOn(String piece) {
    return event(piece).getBytes(UTF_8);
  }

  private static String event(String piece) {
    ObjectNode event = NODES.objectNode().put("type", "content_block_delta").put("index", 0);
    event.putObject("delta").put("type", "text_delta").put("text", piece);
    return "event: content_block_delta\ndata: " + event + "\n\n";
  }

  @Override
  protected byte[] streamEnds() {
    String recorded = new String(file("chat.sse"), UTF_8);
    return recorded.substring(recorded.indexOf("event: content_block_stop")).getBytes(UTF_8);
  }

  @Override
  protected byte[] streamFails() {
    return ("event: error\ndata: {\"type\":\"error\",\"error\":{\"details\":null,\"type\":"
            + "\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
        .getBytes(UTF_8);
  }
}
