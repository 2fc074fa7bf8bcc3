package io.iir.api.completions;

import io.iir.api.ChatChoice;
import io.iir.api.ChatChunk;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes {@code text_completion} objects of what a chat says. For one answer; not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions/object">OpenAI's
 *     reference</a>
 */
final class CompletionWriter {

  private final byte[] echo;
  private final String requestedModel;
  private final BitSet echoed = new BitSet();
  private final Map<Integer, LegacyLogprobs> logprobs = new HashMap<>(2);

  /** Answers to a request for {@code requestedModel}; each choice begins with {@code echo}. */
  CompletionWriter(byte[] echo, String requestedModel) {
    this.echo = echo;
    this.requestedModel = requestedModel;
  }

  /** Writes a whole answer. */
  void whole(ChatChunk chat, ByteBuf out) {
    object(chat, out);
  }

  /** Writes an event of what {@code chunk} adds, or nothing if that has no place here. */
  void event(ChatChunk chunk, ByteBuf out) {
    boolean says = chunk.choices().isEmpty() && chunk.usage() != null;
    for (ChatChoice choice : chunk.choices()) {
      says |= hasText(choice) || choice.finishReason() != null;
    }
    if (says) {
      JsonOut.raw(out, "data: ");
      object(chunk, out);
      JsonOut.raw(out, "\n\n");
    }
  }

  private void object(ChatChunk chat, ByteBuf out) {
    JsonOut.raw(out, "{\"id\":");
    JsonOut.value(out, chat.id());
    JsonOut.raw(out, ",\"object\":\"text_completion\",\"created\":");
    JsonOut.number(out, chat.created());
    JsonOut.raw(out, ",\"model\":");
    if (chat.model() == null) {
      JsonOut.string(out, requestedModel);
    } else {
      chat.model().writeTo(out);
    }
    JsonOut.raw(out, ",\"choices\":[");
    for (int i = 0; i < chat.choices().size(); i++) {
      JsonOut.raw(out, i == 0 ? "" : ",");
      choice(chat.choices().get(i), out);
    }
    JsonOut.raw(out, "]");
    if (chat.fingerprint() != null) {
      JsonOut.raw(out, ",\"system_fingerprint\":");
      chat.fingerprint().writeTo(out);
    }
    if (chat.usage() != null) {
      JsonOut.raw(out, ",\"usage\":");
      chat.usage().raw().writeTo(out);
    }
    JsonOut.raw(out, "}");
  }

  private void choice(ChatChoice choice, ByteBuf out) {
    JsonOut.raw(out, "{\"text\":\"");
    if (!echoed.get(choice.index())) {
      echoed.set(choice.index());
      inner(echo, 0, echo.length, out);
    }
    for (RawJson piece : choice.content()) {
      inner(piece, out);
    }
    if (choice.refusal() != null) {
      inner(choice.refusal(), out);
    }
    JsonOut.raw(out, "\",\"index\":");
    JsonOut.number(out, choice.index());
    JsonOut.raw(out, ",\"logprobs\":");
    RawJson list = choice.logprobs();
    if (list == null) {
      JsonOut.raw(out, "null");
    } else {
      out.writeBytes(
          logprobs.computeIfAbsent(choice.index(), i -> new LegacyLogprobs()).next(list));
    }
    JsonOut.raw(out, ",\"finish_reason\":");
    if (choice.finishReason() == null) {
      JsonOut.raw(out, "null");
    } else {
      JsonOut.string(out, choice.finishReason());
    }
    JsonOut.raw(out, "}");
  }

  private static boolean hasText(ChatChoice choice) {
    return !choice.content().isEmpty() || choice.refusal() != null;
  }

  private static void inner(RawJson string, ByteBuf out) {
    inner(string.source(), string.start(), string.end(), out);
  }

  /** Writes a string without its quotes. */
  private static void inner(byte[] source, int start, int end, ByteBuf out) {
    if (end > start) {
      out.writeBytes(source, start + 1, end - start - 2);
    }
  }
}
