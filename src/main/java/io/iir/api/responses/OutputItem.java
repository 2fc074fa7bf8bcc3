package io.iir.api.responses;

import io.iir.api.JsonOut;
import io.netty.buffer.ByteBuf;

/** One item of a response's output, from its first piece to its last. Not thread-safe. */
abstract class OutputItem {

  static final String IN_PROGRESS = "in_progress";
  static final String COMPLETED = "completed";

  private final String id;
  private final int index;
  private String status = IN_PROGRESS;
  private boolean closed;

  /** The item at {@code index}; {@code id} needs no escape in JSON. */
  OutputItem(String id, int index) {
    this.id = id;
    this.index = index;
  }

  /** Its id. */
  final String id() {
    return id;
  }

  /** How it is: in progress, completed or incomplete. */
  final String status() {
    return status;
  }

  /** The members of an event that say which item it is about. */
  final String place() {
    return ",\"item_id\":\"%s\",\"output_index\":%d".formatted(id, index);
  }

  /** Tells that the item is there. */
  final void announce(Events events) {
    tell("response.output_item.added", events);
  }

  /** Ends it, if it has not ended. */
  final void close(String how, Events events) {
    if (!closed) {
      closed = true;
      status = how;
      finish(events);
      tell("response.output_item.done", events);
    }
  }

  /** Tells that its parts have ended. */
  abstract void finish(Events events);

  /** Writes the item as it is now. */
  abstract void writeTo(ByteBuf out);

  private void tell(String type, Events events) {
    ByteBuf event = events.begin(type);
    if (event != null) {
      JsonOut.raw(event, ",\"output_index\":");
      JsonOut.number(event, index);
      JsonOut.raw(event, ",\"item\":");
      writeTo(event);
      Events.end(event);
    }
  }
}
