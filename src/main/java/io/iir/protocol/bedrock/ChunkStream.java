package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ConverseStream's events as chunks of a chat completion. One a stream, on one thread.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html">
 *     ConverseStreamOutput</a>
 */
final class ChunkStream {

  private static final String DONE = "[DONE]";

  /** A tool's call: its place among the calls, and whether it has said something of its input. */
  private static final class Call {
    private final int place;
    private boolean said;

    Call(int place) {
      this.place = place;
    }
  }

  private final Envelope envelope;
  private final Consumer<byte[]> out;
  private final Map<Integer, Call> calls = new HashMap<>();
  private boolean stopped;
  private boolean over;

  /** Writes what stands behind {@code data: } to {@code out}. */
  ChunkStream(String model, Consumer<byte[]> out) {
    this.envelope = new Envelope(model);
    this.out = out;
  }

  /** Reads the event {@code type}. */
  void event(String type, JsonNode event) {
    if (over) {
      return;
    }
    int block = event.path("contentBlockIndex").asInt();
    switch (type) {
      case "messageStart" ->
          delta(Trees.object().put("role", "assistant").put("content", ""), null);
      case "contentBlockStart" -> start(event.path("start").path("toolUse"), block);
      case "contentBlockDelta" -> delta(event.path("delta"), block);
      case "contentBlockStop" -> {
        Call call = calls.get(block);
        if (call != null && !call.said) {
          arguments(call, "{}");
        }
      }
      case "messageStop" -> stop(event.path("stopReason").asText(""));
      case "metadata" -> {
        if (event.path("usage").isObject()) {
          ObjectNode chunk = envelope.around("chat.completion.chunk", Trees.array());
          chunk.set("usage", BedrockUsage.of(event.path("usage")));
          out.accept(Trees.bytes(chunk));
        }
        end();
      }
      default -> {
        // newer events say nothing that a chunk has a place for
      }
    }
  }

  /** The stream is over: it is complete if the message was. */
  void end() {
    if (stopped && !over) {
      over = true;
      out.accept(DONE.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The stream fails by {@code error}, an object with {@code error} in it. */
  void fail(byte[] error) {
    if (!over) {
      over = true;
      out.accept(error);
    }
  }

  private void stop(String reason) {
    if (StopReason.isFailure(reason)) {
      fail(BedrockErrors.failed("the model failed (%s)".formatted(reason)).toJson());
      return;
    }
    stopped = true;
    delta(Trees.object(), StopReason.finishReason(reason));
  }

  private void start(JsonNode use, int block) {
    if (use.isObject()) {
      Call call = new Call(calls.size());
      calls.put(block, call);
      ObjectNode said =
          Trees.object()
              .put("index", call.place)
              .put("id", use.path("toolUseId").asText())
              .put("type", "function");
      said.putObject("function").put("name", use.path("name").asText()).put("arguments", "");
      delta(Trees.object("tool_calls", Trees.array().add(said)), null);
    }
  }

  private void delta(JsonNode delta, int block) {
    JsonNode thought = delta.path("reasoningContent");
    Call call = calls.get(block);
    if (delta.path("text").isTextual()) {
      delta(Trees.object("content", delta.path("text")), null);
    } else if (delta.path("toolUse").path("input").isTextual() && call != null) {
      arguments(call, delta.path("toolUse").path("input").asText());
    } else if (thought.isObject()) {
      thought(thought, block);
    }
  }

  private void arguments(Call call, String piece) {
    if (piece.isEmpty()) {
      return;
    }
    call.said = true;
    ObjectNode said = Trees.object().put("index", call.place);
    said.putObject("function").put("arguments", piece);
    delta(Trees.object("tool_calls", Trees.array().add(said)), null);
  }

  private void thought(JsonNode thought, int block) {
    JsonNode text = thought.path("text");
    JsonNode signature = thought.path("signature");
    JsonNode redacted = thought.path("redactedContent");
    ArrayNode details = Trees.array();
    ObjectNode delta = Trees.object();
    if (text.isTextual()) {
      delta.set("reasoning_content", text);
      details.add(Thoughts.text(text.asText(), null, block));
    } else if (signature.isTextual()) {
      details.add(Thoughts.text(null, signature.asText(), block));
    } else if (redacted.isTextual()) {
      details.add(Thoughts.encrypted(redacted.asText(), block));
    }
    if (!details.isEmpty()) {
      delta.set("reasoning_details", details);
      delta(delta, null);
    }
  }

  private void delta(ObjectNode delta, @Nullable String finishReason) {
    ObjectNode choice = Trees.object().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    out.accept(Trees.bytes(envelope.around("chat.completion.chunk", Trees.array().add(choice))));
  }
}
