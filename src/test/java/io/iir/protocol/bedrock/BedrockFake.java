package io.iir.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.kit.RecordedFake;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Bedrock, as strict as it is. */
public final class BedrockFake extends RecordedFake {

  private static final String PATH =
      "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";

  /** One on a free port. */
  public BedrockFake() {
    super("bedrock");
  }

  @Override
  public String model() {
    return "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  }

  @Override
  public boolean can(Feature feature) {
    return feature != Feature.IMAGE_URL;
  }

  @Override
  protected String basePath() {
    return "";
  }

  @Override
  protected String streamType() {
    return "application/vnd.amazon.eventstream";
  }

  @Override
  protected String streamSuffix() {
    return ".eventstream";
  }

  @Override
  protected boolean wantsStream(FakeProvider.Call call) {
    return call.target().endsWith("-stream");
  }

  @Override
  protected @Nullable String fault(FakeProvider.Call call) {
    if (!call.target().equals(PATH) && !call.target().equals(PATH + "-stream")) {
      return "UnknownOperationException: " + call.target();
    }
    String key = call.headers().getFirst("Authorization");
    if (key == null || !key.startsWith("Bearer sk-upstream-")) {
      return "Missing Authentication Token";
    }
    return ConverseRules.fault(Gateway.json(call.body()));
  }

  @Override
  protected String refusal(String fault) {
    return JsonNodeFactory.instance.objectNode().put("message", fault).toString();
  }

  @Override
  protected byte[] whole(String text) {
    ObjectNode answer = (ObjectNode) Gateway.json(new String(file("chat.json"), UTF_8));
    ((ObjectNode) answer.at("/output/message")).putArray("content").addObject().put("text", text);
    return answer.toString().getBytes(UTF_8);
  }

  @Override
  protected byte[] streamBegins(String piece) {
    byte[] start = frame("event", "messageStart", "{\"p\":\"abc\",\"role\":\"assistant\"}");
    return piece.isEmpty() ? start : both(start, streamGoesOn(piece));
  }

  @Override
  protected byte[] streamGoesOn(String piece) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("contentBlockIndex", 0);
    event.putObject("delta").put("text", piece);
    return frame("event", "contentBlockDelta", event.put("p", "abcdefghij").toString());
  }

  @Override
  protected byte[] streamEnds() {
    return both(
        frame("event", "messageStop", "{\"stopReason\":\"end_turn\"}"),
        frame(
            "event",
            "metadata",
            "{\"metrics\":{\"latencyMs\":1},\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3}}"));
  }

  @Override
  protected byte[] streamFails() {
    return frame(
        "exception",
        "modelStreamErrorException",
        "{\"message\":\"The system encountered an unexpected error during processing.\"}");
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** A message as AWS's own library writes it. */
  static byte[] frame(String messageType, String type, String payload) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":" + messageType + "-type", HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString(messageType));
    ByteBuffer framed = new Message(headers, payload.getBytes(UTF_8)).toByteBuffer();
    byte[] bytes = new byte[framed.remaining()];
    framed.get(bytes);
    return bytes;
  }
}
