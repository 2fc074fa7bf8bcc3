package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.kit.RecordedFake;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import org.jspecify.annotations.Nullable;

/** Gemini as it was recorded, and as strict. */
public final class GeminiFake extends RecordedFake {

  private static final String WHOLE = ":generateContent";
  private static final String STREAM = ":streamGenerateContent?alt=sse";

  /** One on a free port. */
  public GeminiFake() {
    super("gemini");
  }

  @Override
  public String model() {
    return "gemini-3-flash-preview";
  }

  @Override
  public boolean can(Feature feature) {
    return true;
  }

  @Override
  protected String basePath() {
    return "/v1beta";
  }

  @Override
  protected boolean wantsStream(FakeProvider.Call call) {
    return call.target().endsWith(STREAM);
  }

  @Override
  protected @Nullable String fault(FakeProvider.Call call) {
    String model = "/v1beta/models/" + model();
    if (!call.target().equals(model + WHOLE) && !call.target().equals(model + STREAM)) {
      return "no such method";
    }
    if (!call.headers().containsKey("x-goog-api-key")
        && !call.headers().containsKey("Authorization")) {
      return "no credentials";
    }
    return new GeminiRules(model()).fault(Gateway.json(call.body()));
  }

  @Override
  protected String refusal(String fault) {
    ObjectNode error = Trees.object().put("code", 400).put("message", fault);
    return Trees.object("error", error.put("status", "INVALID_ARGUMENT")).toString();
  }

  @Override
  protected byte[] whole(String text) {
    return answer(text, "STOP").toString().getBytes(UTF_8);
  }

  @Override
  protected byte[] streamBegins(String piece) {
    return event(answer(piece, null));
  }

  @Override
  protected byte[] streamGoesOn(String piece) {
    return event(answer(piece, null));
  }

  @Override
  protected byte[] streamEnds() {
    return event(answer("", "STOP"));
  }

  @Override
  protected byte[] streamFails() {
    return event((ObjectNode) Gateway.json(new String(file("overloaded.json"), UTF_8)));
  }

  private static byte[] event(ObjectNode data) {
    return "data: %s\r\n\r\n".formatted(data).getBytes(UTF_8);
  }

  private static ObjectNode answer(String text, @Nullable String finishReason) {
    ObjectNode content = Trees.object().put("role", "model");
    content.putArray("parts").addObject().put("text", text);
    ObjectNode candidate = Trees.object("content", content).put("index", 0);
    if (finishReason != null) {
      candidate.put("finishReason", finishReason);
    }
    ObjectNode answer = Trees.object("candidates", Trees.array().add(candidate));
    answer.putObject("usageMetadata").put("promptTokenCount", 5).put("totalTokenCount", 9);
    return answer.put("modelVersion", "gemini-3-flash-preview").put("responseId", "r1");
  }
}
