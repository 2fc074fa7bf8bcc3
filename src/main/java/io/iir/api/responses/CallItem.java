package io.iir.api.responses;

import io.iir.api.ChatCall;
import io.iir.api.EscapedText;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function, or of a custom tool. It is told of when its name is known; what came before
 * goes with that.
 */
final class CallItem extends OutputItem {

  private static final String ARGUMENTS = "response.function_call_arguments";
  private static final String INPUT = "response.custom_tool_call_input";

  private final EscapedText input = new EscapedText();
  private final boolean custom;
  private final String place;
  private @Nullable RawJson callId;
  private @Nullable RawJson name;
  private @Nullable RawJson extra;
  private boolean announced;

  private CallItem(String id, int index, boolean custom) {
    super(id, index);
    this.custom = custom;
    this.place = place();
  }

  /** A call that begins with {@code first}; {@code suffix} makes its id one of its own. */
  static CallItem of(ChatCall first, String suffix, int index) {
    return new CallItem((first.custom() ? "ctc_" : "fc_") + suffix, index, first.custom());
  }

  /** Whether {@code other}, an id, may be this call's; null may. */
  boolean isCalled(@Nullable RawJson other) {
    return other == null || callId == null || Arrays.equals(other.bytes(), callId.bytes());
  }

  /** Adds a piece. */
  void add(ChatCall piece, Events events) {
    callId = callId == null ? piece.id() : callId;
    name = name == null ? piece.name() : name;
    extra = extra == null ? piece.extra() : extra;
    if (!announced && name != null) {
      announceOnce(events);
    }
    RawJson more = piece.input();
    if (more != null) {
      input.add(more);
      if (announced) {
        events.delta(event(".delta"), place, more);
      }
    }
  }

  private void announceOnce(Events events) {
    announced = true;
    announce(events);
    ByteBuf event = input.isEmpty() ? null : events.begin(event(".delta"), place);
    if (event != null) {
      JsonOut.raw(event, ",\"delta\":");
      input.writeTo(event);
      Events.end(event);
    }
  }

  private String event(String what) {
    return (custom ? INPUT : ARGUMENTS) + what;
  }

  @Override
  void finish(Events events) {
    if (!announced) {
      announceOnce(events);
    }
    ByteBuf event = events.begin(event(".done"), place);
    if (event != null) {
      JsonOut.raw(event, custom ? ",\"input\":" : ",\"arguments\":");
      input.writeTo(event);
      Events.end(event);
    }
  }

  @Override
  void writeTo(ByteBuf out) {
    JsonOut.raw(out, "{\"id\":\"" + id() + "\",\"type\":\"");
    JsonOut.raw(out, custom ? "custom_tool_call" : "function_call");
    JsonOut.raw(out, "\",\"status\":\"" + status());
    JsonOut.raw(out, custom ? "\",\"input\":" : "\",\"arguments\":");
    if (status().equals(IN_PROGRESS)) {
      JsonOut.raw(out, "\"\""); // the events bring it
    } else {
      input.writeTo(out);
    }
    JsonOut.raw(out, ",\"call_id\":");
    if (callId == null) {
      JsonOut.string(out, "call_" + id());
    } else {
      callId.writeTo(out);
    }
    JsonOut.raw(out, ",\"name\":");
    if (name == null) {
      JsonOut.raw(out, "\"\"");
    } else {
      name.writeTo(out);
    }
    if (extra != null) {
      JsonOut.raw(out, ",\"extra_content\":");
      extra.writeTo(out);
    }
    JsonOut.raw(out, "}");
  }
}
