package io.iir.api.responses;

import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response's server-sent events, numbered from 0. For one stream; not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">OpenAI's
 *     reference of the events</a>
 */
final class Events {

  private @Nullable ByteBuf out;
  private long sequence;

  /** From now on events are written into {@code buffer}; null: they are dropped. */
  void writeInto(@Nullable ByteBuf buffer) {
    out = buffer;
  }

  /**
   * Begins an event: the caller adds members to what is written, each with a comma before it, and
   * calls {@link #end}.
   *
   * @return null if nobody wants events
   */
  @Nullable ByteBuf begin(String type) {
    ByteBuf to = out;
    if (to != null) {
      JsonOut.raw(to, "event: ");
      JsonOut.raw(to, type);
      JsonOut.raw(to, "\ndata: {\"type\":\"");
      JsonOut.raw(to, type);
      JsonOut.raw(to, "\",\"sequence_number\":");
      JsonOut.number(to, sequence++);
    }
    return to;
  }

  /** As {@link #begin(String)}, about a part of an item: {@code place} has the members for that. */
  @Nullable ByteBuf begin(String type, String place) {
    ByteBuf to = begin(type);
    if (to != null) {
      JsonOut.raw(to, place);
    }
    return to;
  }

  /** Ends an event that was begun. */
  static void end(ByteBuf event) {
    JsonOut.raw(event, "}\n\n");
  }

  /** A whole event about a part of an item, whose text has grown by {@code delta}. */
  void delta(String type, String place, RawJson delta) {
    ByteBuf event = begin(type, place);
    if (event != null) {
      JsonOut.raw(event, ",\"delta\":");
      delta.writeTo(event);
      end(event);
    }
  }
}
