package io.iir.api.responses;

import io.iir.api.ChatCall;
import io.iir.api.ChatChoice;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A response's output: the items that a chat's choice comes to, piece by piece. Reasoning and a
 * message end where another kind of item begins; calls, whose pieces may come in turns, end with
 * the answer. Not thread-safe.
 */
final class Output {

  private final List<OutputItem> items = new ArrayList<>();
  private final TreeMap<Integer, CallItem> calls = new TreeMap<>();
  private final String suffix;
  private final boolean summary;
  private @Nullable ReasoningItem reasoning;
  private @Nullable MessageItem message;

  private Output(String suffix, boolean summary) {
    this.suffix = suffix;
    this.summary = summary;
  }

  /** An empty output whose items' ids end in {@code suffix} and a number; reasoning as asked. */
  static Output of(String suffix, byte[] echo) {
    return new Output(suffix, Echo.showsSummary(echo));
  }

  /** Adds what a chunk, or a whole answer, says. */
  void add(ChatChoice choice, Events events) {
    reasoning(choice, events);
    for (int i = 0; i < choice.content().size(); i++) {
      RawJson logprobs = i == 0 ? choice.logprobs() : null;
      message(events).text(choice.content().get(i), logprobs, events);
    }
    if (choice.refusal() != null) {
      message(events).refusal(choice.refusal(), events);
    }
    if (choice.annotations() != null) {
      message(events).annotations(choice.annotations(), events);
    }
    for (ChatCall call : choice.calls()) {
      closeReasoning(events);
      closeMessage(events);
      call(call, events);
    }
  }

  /** Ends all items that have not ended. */
  void close(String status, Events events) {
    for (OutputItem item : items) {
      item.close(status, events);
    }
    reasoning = null;
    message = null;
  }

  /** Writes the items as a list. */
  void writeTo(ByteBuf out) {
    for (int i = 0; i < items.size(); i++) {
      JsonOut.raw(out, i == 0 ? "[" : ",");
      items.get(i).writeTo(out);
    }
    JsonOut.raw(out, items.isEmpty() ? "[]" : "]");
  }

  /** Puts the items, which have ended, into {@code kept}. */
  void keepIn(KeptItems kept) {
    for (OutputItem item : items) {
      ByteBuf out = Unpooled.buffer(512);
      item.writeTo(out);
      kept.keep(item.id(), ByteBufUtil.getBytes(out));
    }
  }

  private void reasoning(ChatChoice choice, Events events) {
    if (choice.reasoning().isEmpty() && choice.details() == null) {
      return;
    }
    closeMessage(events);
    ReasoningItem item = reasoning;
    if (item == null) {
      String id = id("rs_");
      item =
          summary
              ? ReasoningItem.summarised(id, items.size())
              : ReasoningItem.inFull(id, items.size());
      reasoning = item;
      begin(item, events);
    }
    for (RawJson piece : choice.reasoning()) {
      item.add(piece, events);
    }
    if (choice.details() != null) {
      item.keep(choice.details());
    }
  }

  private MessageItem message(Events events) {
    closeReasoning(events);
    MessageItem item = message;
    if (item == null) {
      item = new MessageItem(id("msg_"), items.size());
      message = item;
      begin(item, events);
    }
    return item;
  }

  private void call(ChatCall call, Events events) {
    int place = place(call);
    CallItem item = calls.get(place);
    if (item == null) {
      item = CallItem.of(call, id(""), items.size());
      calls.put(place, item);
      items.add(item);
    }
    item.add(call, events);
  }

  /**
   * Which call a piece belongs to. One without an index continues the last, unless it names a tool:
   * then it begins one. So does one that names a tool under an index whose call has another id.
   */
  private int place(ChatCall call) {
    int next = calls.isEmpty() ? 0 : calls.lastKey() + 1;
    boolean named = call.name() != null;
    if (call.index() < 0) {
      return named || calls.isEmpty() ? next : next - 1;
    }
    CallItem there = calls.get(call.index());
    return there == null || !named || there.isCalled(call.id()) ? call.index() : next;
  }

  private void begin(OutputItem item, Events events) {
    items.add(item);
    item.announce(events);
  }

  private void closeReasoning(Events events) {
    if (reasoning != null) {
      reasoning.close(OutputItem.COMPLETED, events);
      reasoning = null;
    }
  }

  private void closeMessage(Events events) {
    if (message != null) {
      message.close(OutputItem.COMPLETED, events);
      message = null;
    }
  }

  private String id(String prefix) {
    return prefix + suffix + String.format("%02x", items.size());
  }
}
