package io.iir.usage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a row in a journal: its numbers, then its texts in UTF-8, each behind its length in
 * two bytes, -1 for none. A text is kept without NUL, which PostgreSQL does not take, and cut to
 * {@value #MOST_CHARS} characters. What was classified comes last; a row without ends before it.
 * Stateless.
 */
final class RowCodec {

  /** No row is longer: nine numbers, a status, and eleven texts of three bytes a character. */
  static final int MOST_BYTES = 9 * 8 + 4 + 11 * (2 + 3 * 1_000);

  private static final int MOST_CHARS = 1_000;

  private RowCodec() {}

  /** Writes {@code row} at the position of {@code to}. */
  static void encode(UsageRow row, ByteBuffer to) {
    to.putLong(row.id())
        .putLong(row.at().toEpochMilli())
        .putLong(row.promptTokens())
        .putLong(row.cachedTokens())
        .putLong(row.completionTokens())
        .putLong(row.costNanoUsd())
        .putLong(row.latencyMillis())
        .putLong(row.firstTokenMillis())
        .putInt(row.status());
    text(row.requestId(), to);
    text(row.keyId(), to);
    text(row.team(), to);
    text(row.route(), to);
    text(row.model(), to);
    text(row.outcome(), to);
    text(row.cache(), to);
    Classified classified = row.classified();
    if (classified != null) {
      to.putDouble(classified.complexity());
      text(classified.category(), to);
      text(classified.classifier(), to);
      text(classified.weak(), to);
      text(classified.strong(), to);
    }
  }

  private static void text(@Nullable String text, ByteBuffer to) {
    if (text == null) {
      to.putShort((short) -1);
      return;
    }
    int length = text.length();
    int start = to.position();
    to.putShort((short) length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == 0 || c >= 0x80 || i >= MOST_CHARS) {
        to.position(start);
        unusual(text, to);
        return;
      }
      to.put((byte) c);
    }
  }

  private static void unusual(String text, ByteBuffer to) {
    String kept = text.replace("\0", "");
    byte[] bytes =
        kept.substring(0, Math.min(kept.length(), MOST_CHARS)).getBytes(StandardCharsets.UTF_8);
    to.putShort((short) bytes.length).put(bytes);
  }

  /** The row at the position of {@code from}; null: there is none. */
  static @Nullable UsageRow decode(ByteBuffer from) {
    try {
      long id = from.getLong();
      Instant at = Instant.ofEpochMilli(from.getLong());
      long prompt = from.getLong();
      long cached = from.getLong();
      long completion = from.getLong();
      long cost = from.getLong();
      long latency = from.getLong();
      long firstToken = from.getLong();
      int status = from.getInt();
      String requestId = text(from);
      String keyId = text(from);
      String team = text(from);
      String route = text(from);
      String model = text(from);
      String outcome = text(from);
      String cache = text(from);
      return requestId == null || keyId == null || route == null || outcome == null
          ? null
          : new UsageRow(
              id,
              at,
              requestId,
              keyId,
              team,
              route,
              model,
              prompt,
              cached,
              completion,
              cost,
              status,
              outcome,
              cache,
              latency,
              firstToken,
              from.hasRemaining() ? classified(from) : null);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static @Nullable Classified classified(ByteBuffer from) {
    double complexity = from.getDouble();
    String category = text(from);
    String classifier = text(from);
    String weak = text(from);
    String strong = text(from);
    return category == null || classifier == null
        ? null
        : new Classified(category, complexity, classifier, weak, strong);
  }

  private static @Nullable String text(ByteBuffer from) {
    int length = from.getShort();
    if (length < 0) {
      return null;
    }
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
