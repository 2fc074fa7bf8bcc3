package io.iir.backend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.iir.backend.Simulator.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of one answer of the simulator, and their JSON. Immutable. */
final class SimulatedAnswer {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String LOREM =
      "This is the built-in simulator of the gateway, not a language model. Lorem ipsum dolor sit"
          + " amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et"
          + " dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco"
          + " laboris nisi ut aliquip ex ea commodo consequat.";

  private final Prompt prompt;
  private final List<String> words = new ArrayList<>();
  private final String finishReason;
  private final long created = System.currentTimeMillis() / 1000;
  private final String id = "chatcmpl-sim-" + Long.toHexString(System.nanoTime());

  SimulatedAnswer(Prompt prompt) {
    this.prompt = prompt;
    String text = prompt.model().equals("echo") ? "[simulated] " + prompt.text() : LOREM;
    List<String> all = split(text);
    boolean cut = prompt.maxTokens() > 0 && prompt.maxTokens() < all.size();
    words.addAll(cut ? all.subList(0, prompt.maxTokens()) : all);
    finishReason = cut ? "length" : "stop";
  }

  /** Pieces that each end after a space: put together they are the text. */
  private static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == ' ' || i == text.length() - 1) {
        pieces.add(text.substring(start, i + 1));
        start = i + 1;
      }
    }
    return pieces;
  }

  /** The words, each with the blank behind it. */
  List<String> words() {
    return words;
  }

  /** Why the answer ends: {@code stop}, or {@code length} where it was cut. */
  String finishReason() {
    return finishReason;
  }

  byte[] completion() {
    return json(
        "chat.completion",
        out -> {
          choice(out, "message", true, String.join("", words), finishReason);
          usage(out);
        });
  }

  byte[] chunk(@Nullable String role, @Nullable String content, @Nullable String finish) {
    return json(
        "chat.completion.chunk", out -> choice(out, "delta", role != null, content, finish));
  }

  byte[] usageChunk() {
    return json(
        "chat.completion.chunk",
        out -> {
          out.writeArrayFieldStart("choices");
          out.writeEndArray();
          usage(out);
        });
  }

  private interface Part {
    void write(JsonGenerator out) throws IOException;
  }

  private byte[] json(String object, Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("id", id);
      out.writeStringField("object", object);
      out.writeNumberField("created", created);
      out.writeStringField("model", prompt.model());
      out.writeStringField("system_fingerprint", "iir-simulator");
      part.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void choice(
      JsonGenerator out,
      String field,
      boolean withRole,
      @Nullable String content,
      @Nullable String finish)
      throws IOException {
    out.writeArrayFieldStart("choices");
    out.writeStartObject();
    out.writeNumberField("index", 0);
    out.writeObjectFieldStart(field);
    if (withRole) {
      out.writeStringField("role", "assistant");
    }
    if (content != null) {
      out.writeStringField("content", content);
    }
    out.writeEndObject();
    out.writeNullField("logprobs");
    out.writeStringField("finish_reason", finish);
    out.writeEndObject();
    out.writeEndArray();
  }

  private void usage(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("usage");
    out.writeNumberField("prompt_tokens", prompt.promptTokens());
    out.writeNumberField("completion_tokens", words.size());
    out.writeNumberField("total_tokens", prompt.promptTokens() + words.size());
    out.writeEndObject();
  }
}
