package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that is being streamed, as a block of the message. It begins when its name is known;
 * what comes of its arguments before that waits. For one stream.
 */
final class ToolBlock {

  private final int call;
  private final StringBuilder early = new StringBuilder();
  private @Nullable String id;
  private @Nullable String name;
  private @Nullable JsonNode extra;
  private int block = -1;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean complete;
  private boolean stopped;

  /** The block of the call with the number {@code call}. */
  ToolBlock(int call) {
    this.call = call;
  }

  int call() {
    return call;
  }

  @Nullable String id() {
    return id;
  }

  int block() {
    return block;
  }

  boolean begun() {
    return block >= 0;
  }

  boolean stopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** Whether its arguments are a whole object. */
  boolean complete() {
    return complete;
  }

  /** Takes what {@code piece} says of the call but its arguments. */
  void learn(Chunk.Call piece) {
    if (id == null && piece.id() != null && !piece.id().isEmpty()) {
      id = piece.id();
    }
    if (name == null && piece.name() != null && !piece.name().isEmpty()) {
      name = piece.name();
    }
    extra = piece.extra() == null ? extra : piece.extra();
  }

  /** Whether it can begin. */
  boolean named() {
    return name != null;
  }

  /** Begins it as the block {@code index}. */
  void begin(int index, EventWriter out) {
    block = index;
    out.toolStart(index, id == null ? Ids.toolCall() : id, name == null ? "" : name, extra);
    arguments(early.toString(), out);
    early.setLength(0);
  }

  /** Adds a piece of its arguments. */
  void arguments(String json, EventWriter out) {
    if (!begun()) {
      early.append(json);
    } else if (!json.isEmpty() && !stopped) {
      out.delta(block, "input_json_delta", "partial_json", json);
      json.chars().forEach(this::follow);
    }
  }

  private void follow(int c) {
    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      depth--;
      complete = depth == 0;
    }
  }
}
