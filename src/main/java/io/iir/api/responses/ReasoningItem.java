package io.iir.api.responses;

import io.iir.api.EscapedText;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the model thought before it spoke: its text, as a summary or as content, and what the
 * provider wants back of it unaltered.
 */
final class ReasoningItem extends OutputItem {

  /** How reasoning is shown: its type as a part, and the events that tell of it. */
  private enum Form {
    SUMMARY("summary", "summary_text", "reasoning_summary_part", "reasoning_summary_text"),
    CONTENT("content", "reasoning_text", "content_part", "reasoning_text");

    private final String type;
    private final String index;
    private final String part;
    private final String text;

    Form(String list, String type, String part, String text) {
      this.type = type;
      this.index = ",\"" + list + "_index\":0";
      this.part = "response." + part;
      this.text = "response." + text;
    }
  }

  private final EscapedText text = new EscapedText();
  private final ReasoningDetails details = new ReasoningDetails();
  private final Form form;
  private final String place;
  private @Nullable String token;

  private ReasoningItem(String id, int index, Form form) {
    super(id, index);
    this.form = form;
    this.place = place() + form.index;
  }

  /** One whose text is for people to read. */
  static ReasoningItem summarised(String id, int index) {
    return new ReasoningItem(id, index, Form.SUMMARY);
  }

  /** One whose text is the model's own. */
  static ReasoningItem inFull(String id, int index) {
    return new ReasoningItem(id, index, Form.CONTENT);
  }

  /** Adds text. */
  void add(RawJson piece, Events events) {
    if (text.isEmpty()) {
      part(".added", events);
    }
    text.add(piece);
    events.delta(form.text + ".delta", place, piece);
  }

  /** Adds what the provider wants back. */
  void keep(RawJson pieces) {
    details.add(pieces);
  }

  @Override
  void finish(Events events) {
    token = details.token();
    if (text.isEmpty()) {
      return;
    }
    ByteBuf event = events.begin(form.text + ".done", place);
    if (event != null) {
      JsonOut.raw(event, ",\"text\":");
      text.writeTo(event);
      Events.end(event);
    }
    part(".done", events);
  }

  @Override
  void writeTo(ByteBuf out) {
    JsonOut.raw(out, "{\"id\":\"" + id() + "\",\"type\":\"reasoning\",\"summary\":[");
    if (form == Form.CONTENT && !text.isEmpty()) {
      JsonOut.raw(out, "],\"content\":[");
    }
    if (!text.isEmpty()) {
      part(out);
    }
    JsonOut.raw(out, "]");
    if (token != null) {
      JsonOut.raw(out, ",\"encrypted_content\":\"" + token + "\"");
    }
    JsonOut.raw(out, "}");
  }

  private void part(String what, Events events) {
    ByteBuf event = events.begin(form.part + what, place);
    if (event != null) {
      JsonOut.raw(event, ",\"part\":");
      part(event);
      Events.end(event);
    }
  }

  private void part(ByteBuf out) {
    JsonOut.raw(out, "{\"type\":\"" + form.type + "\",\"text\":");
    text.writeTo(out);
    JsonOut.raw(out, "}");
  }
}
