package io.iir.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes one {@code chat.completion}, or {@code text_completion}, of the events of a complete
 * stream, as the provider would have answered without streaming.
 *
 * <p>Top-level fields keep the last value that says something (empty identifiers, as Azure's first
 * chunk has, do not count); {@code obfuscation}, which only pads chunks, is dropped. Not
 * thread-safe; builds a tree, so not for the hot path.
 */
public final class CompletionAssembler {

  private static final Set<String> NOT_CARRIED = Set.of("object", "choices", "obfuscation");

  private static final String TEXT = "text_completion";

  private final ObjectNode answer = JsonBytes.TREE.createObjectNode();
  private final Map<Integer, ChoiceAssembler> choices = new TreeMap<>();

  /** An assembler that has seen nothing. */
  public CompletionAssembler() {
    answer.putNull("id");
    answer.put("object", "chat.completion");
    answer.putNull("created");
    answer.putNull("model");
    answer.putArray("choices");
  }

  /**
   * Adds the data of the next event; {@code [DONE]} adds nothing.
   *
   * @throws IllegalArgumentException if it is no JSON object, or reports an error: such a stream
   *     has no whole answer
   */
  public CompletionAssembler add(byte[] data) {
    return add(data, 0, data.length);
  }

  /** As {@link #add(byte[])}, with {@code length} bytes from {@code offset}. */
  public CompletionAssembler add(byte[] data, int offset, int length) {
    if (!ChatChunkReader.isDone(data, offset, offset + length)) {
      addChunk(tree(data, offset, length));
    }
    return this;
  }

  /** The answer so far, JSON in UTF-8. */
  public byte[] toJson() {
    ObjectNode whole = answer.deepCopy();
    choices.values().forEach(choice -> whole.withArray("choices").add(choice.toNode()));
    for (String field : new String[] {"id", "created", "model"}) {
      if (whole.path(field).isNull()) {
        whole.remove(field);
      }
    }
    try {
      return JsonBytes.TREE.writeValueAsBytes(whole);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addChunk(JsonNode chunk) {
    if (chunk.hasNonNull("error")) {
      throw new IllegalArgumentException("the stream reports an error");
    }
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      if (!NOT_CARRIED.contains(field.getKey())) {
        carry(field.getKey(), field.getValue());
      }
    }
    if (chunk.path("object").asText().equals(TEXT)) {
      answer.put("object", TEXT);
    }
    for (JsonNode choice : chunk.path("choices")) {
      int index = choice.path("index").asInt(0);
      choices.computeIfAbsent(index, ChoiceAssembler::new).add(choice);
    }
  }

  private void carry(String name, JsonNode value) {
    boolean says =
        switch (name) {
          case "usage" -> value.isObject();
          case "id", "model" -> !value.asText("").isEmpty();
          case "created" -> value.asLong() != 0;
          default -> !value.isNull() || !answer.has(name);
        };
    if (says) {
      answer.set(name, value);
    }
  }

  private static JsonNode tree(byte[] data, int offset, int length) {
    try {
      JsonNode tree = JsonBytes.TREE.readTree(data, offset, length);
      if (tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("an event of the stream is not JSON", e);
    }
    throw new IllegalArgumentException("an event of the stream is not a JSON object");
  }
}
