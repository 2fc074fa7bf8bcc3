package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client has seen of a stream of chat completion chunks, as far as another model could go on
 * with it: plain text of one answer. One a stream, not thread-safe.
 */
public final class StreamedText {

  /** A longer text is not gone on with: 1 Mi characters. */
  static final int MOST = 1 << 20;

  private static final Set<String> PLAIN = Set.of("role", "content", "name");

  private final StringBuilder text = new StringBuilder();
  private boolean plain = true;
  private boolean finished;
  private @Nullable JsonNode id;
  private @Nullable JsonNode created;
  private @Nullable JsonNode model;

  /** The client has been sent the event whose data is {@code length} bytes from {@code offset}. */
  public void add(byte[] data, int offset, int length) {
    JsonNode chunk;
    try {
      chunk = JsonBytes.TREE.readTree(data, offset, length);
    } catch (IOException e) {
      return; // the closing event
    }
    if (id == null && chunk.has("id")) {
      id = chunk.get("id");
      created = chunk.get("created");
      model = chunk.get("model");
    }
    plain &= !chunk.has("anthropic_event");
    for (JsonNode choice : chunk.path("choices")) {
      plain &= choice.path("index").asInt() == 0;
      finished |= choice.hasNonNull("finish_reason");
      delta(choice.path("delta"));
    }
  }

  private void delta(JsonNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      plain &= PLAIN.contains(field.getKey()) || isNothing(field.getValue());
    }
    text.append(delta.path("content").asText(""));
    plain &= text.length() <= MOST;
  }

  /** Some servers send every field they know, most of them without a value. */
  private static boolean isNothing(JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isContainerNode() && value.isEmpty());
  }

  /** Whether another model could go on: it is nothing but text, and has not come to its end. */
  public boolean canGoOn() {
    return plain && !finished;
  }

  /** The text. */
  public String text() {
    return text.toString();
  }

  /** How many characters the text has. */
  public int length() {
    return text.length();
  }

  /** The {@code id} of the chunks; null: they had none. */
  public @Nullable JsonNode id() {
    return id;
  }

  /** When they say the answer was made, or null. */
  public @Nullable JsonNode created() {
    return created;
  }

  /** The model that they name, or null. */
  public @Nullable JsonNode model() {
    return model;
  }
}
