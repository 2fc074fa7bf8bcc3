package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiError;
import io.iir.openai.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of {@code streamGenerateContent}, each a part of the answer, as chunks of a chat
 * completion. Gemini has no event that closes a stream: one is whole if every candidate that began
 * has said why it ended. One a stream, not thread-safe.
 */
final class ChunkStream {

  private static final String CHUNK = "chat.completion.chunk";

  private final Envelope envelope;
  private final Consumer<byte[]> out;
  private final CallIds ids = new CallIds();
  private final Map<Integer, Candidate> candidates = new TreeMap<>();
  private JsonNode last = Trees.object();
  private @Nullable ObjectNode usage;
  private boolean blocked;
  private boolean failed;

  /**
   * A stream by {@code model}.
   *
   * @param out takes the data of each event
   */
  ChunkStream(String model, Consumer<byte[]> out) {
    this.envelope = new Envelope(model);
    this.out = out;
  }

  /**
   * Takes in an event's data.
   *
   * @throws IOException if it is not JSON
   */
  void event(byte[] data, int offset, int length) throws IOException {
    JsonNode event = JsonBytes.TREE.readTree(data, offset, length);
    if (failed) {
      return;
    }
    if (!event.isObject() || event.has("error")) {
      byte[] error = Arrays.copyOfRange(data, offset, offset + length);
      JsonNode code = event.path("error").path("code");
      fail(GeminiErrors.of(code.asInt(500), error));
      return;
    }
    last = event;
    ObjectNode told = GeminiUsage.of(event.path("usageMetadata"));
    usage = told == null ? usage : told;
    for (JsonNode candidate : event.path("candidates")) {
      candidate(event, candidate);
    }
    Ending prompt = Ending.ofPrompt(event);
    if (prompt != null && candidates.isEmpty()) {
      blocked = true;
      ends(event, 0, Trees.object().put("role", "assistant"), prompt);
    }
  }

  /** What follows from the end of the stream: usage and the end, if the answer is whole. */
  void end() {
    boolean ended =
        !candidates.isEmpty() && candidates.values().stream().allMatch(Candidate::ended);
    if (failed || !(ended || blocked)) {
      return;
    }
    if (usage != null) {
      ObjectNode chunk = envelope.around(CHUNK, last, Trees.array());
      chunk.set("usage", usage);
      out.accept(JsonBytes.write(chunk));
    }
    out.accept("[DONE]".getBytes(StandardCharsets.US_ASCII));
  }

  private void candidate(JsonNode event, JsonNode candidate) {
    int index = candidate.path("index").asInt();
    Candidate reader = candidates.computeIfAbsent(index, i -> new Candidate(ids));
    ObjectNode said = reader.read(candidate);
    ObjectNode delta = Trees.object();
    if (reader.begins()) {
      delta.put("role", "assistant");
    }
    delta.setAll(said);
    ObjectNode logprobs = Logprobs.of(candidate);
    Ending ending = reader.ending(candidate);
    if (!delta.isEmpty() || logprobs != null) {
      out.accept(chunk(event, index, delta, logprobs, null));
    }
    if (ending != null && ending.failure() != null) {
      fail(ApiError.server(502, "provider_error", ending.failure()));
    } else if (ending != null && !failed) {
      ends(event, index, Trees.object(), ending);
    }
  }

  private void ends(JsonNode event, int index, ObjectNode delta, Ending ending) {
    if (ending.refusal() != null) {
      out.accept(chunk(event, index, delta.put("refusal", ending.refusal()), null, null));
    }
    out.accept(chunk(event, index, Trees.object(), null, ending.finishReason()));
  }

  private void fail(ApiError error) {
    failed = true;
    out.accept(error.toJson());
  }

  private byte[] chunk(
      JsonNode event,
      int index,
      ObjectNode delta,
      @Nullable ObjectNode logprobs,
      @Nullable String finishReason) {
    ObjectNode choice = Trees.object().put("index", index);
    choice.set("delta", delta);
    choice.set("logprobs", logprobs);
    choice.put("finish_reason", finishReason);
    ArrayNode choices = Trees.array().add(choice);
    return JsonBytes.write(envelope.around(CHUNK, event, choices));
  }
}
