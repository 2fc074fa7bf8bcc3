package io.iir.api.responses;

import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model says: parts that are text, or that say why there is none. */
final class MessageItem extends OutputItem {

  private final List<MessagePart> parts = new ArrayList<>(1);

  MessageItem(String id, int index) {
    super(id, index);
  }

  /** Adds text, and the log probabilities of its tokens, if there are any. */
  void text(RawJson piece, @Nullable RawJson logprobs, Events events) {
    part(MessagePart.Kind.TEXT, events).add(piece, logprobs, events);
  }

  /** Adds to why the model will not answer. */
  void refusal(RawJson piece, Events events) {
    part(MessagePart.Kind.REFUSAL, events).add(piece, null, events);
  }

  /** Adds the sources of its text, as a chat lists them. */
  void annotations(RawJson list, Events events) {
    part(MessagePart.Kind.TEXT, events).annotate(list, events);
  }

  @Override
  void finish(Events events) {
    if (!parts.isEmpty()) {
      parts.getLast().finish(events);
    }
  }

  @Override
  void writeTo(ByteBuf out) {
    JsonOut.raw(out, "{\"id\":\"" + id() + "\",\"type\":\"message\",\"status\":\"" + status());
    JsonOut.raw(out, "\",\"content\":[");
    for (int i = 0; i < parts.size(); i++) {
      JsonOut.raw(out, i == 0 ? "" : ",");
      parts.get(i).writeTo(out);
    }
    JsonOut.raw(out, "],\"role\":\"assistant\"}");
  }

  /** The last part if it is of this kind, else a new one. */
  private MessagePart part(MessagePart.Kind kind, Events events) {
    if (!parts.isEmpty() && parts.getLast().kind() == kind) {
      return parts.getLast();
    }
    finish(events);
    String place = place() + ",\"content_index\":" + parts.size();
    MessagePart part = new MessagePart(kind, place);
    parts.add(part);
    part.announce(events);
    return part;
  }
}
