package io.iir.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An answer as bytes, for Redis: a version (one byte), a CRC-32C of its cache key and of all that
 * comes behind it (four), when it was stored and how long it is kept (milliseconds, eight bytes
 * each), then provider, model, key id and team, each behind its length (two bytes; an empty team is
 * none), then the completion. Stateless.
 */
final class AnswerBytes {

  /** Bytes from the beginning that hold all but the completion, of whatever answer this wrote. */
  static final int HEADER = 8 << 10;

  private static final byte VERSION = 1;
  private static final int CHECKED_FROM = 1 + Integer.BYTES;
  private static final int LONGEST_TEXT = 2_000;

  private AnswerBytes() {}

  /** What the header says of an answer. */
  record Header(String provider, String model, String keyId, @Nullable String team) {}

  /** {@code answer} as bytes; null: a name in it is too long. */
  static byte @Nullable [] write(String key, CachedAnswer answer) {
    String team = answer.team() == null ? "" : answer.team();
    byte[][] texts = {
      answer.provider().getBytes(UTF_8),
      answer.model().getBytes(UTF_8),
      answer.keyId().getBytes(UTF_8),
      team.getBytes(UTF_8)
    };
    int size = CHECKED_FROM + 2 * Long.BYTES + answer.completion().length;
    for (byte[] text : texts) {
      if (text.length > LONGEST_TEXT) {
        return null;
      }
      size += Short.BYTES + text.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put(VERSION).putInt(0);
    out.putLong(answer.storedAt().toEpochMilli()).putLong(answer.ttl().toMillis());
    for (byte[] text : texts) {
      out.putShort((short) text.length).put(text);
    }
    out.put(answer.completion());
    return out.putInt(1, sum(key, out.array())).array();
  }

  /** The answer that {@link #write} made {@code bytes} of for {@code key}; null: of none. */
  static @Nullable CachedAnswer read(String key, byte[] bytes) {
    if (bytes.length < CHECKED_FROM || bytes[0] != VERSION) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    if (in.getInt() != sum(key, bytes)) {
      return null;
    }
    try {
      Instant storedAt = Instant.ofEpochMilli(in.getLong());
      Duration ttl = Duration.ofMillis(in.getLong());
      Header header = texts(in);
      byte[] completion = new byte[in.remaining()];
      in.get(completion);
      return new CachedAnswer(
          completion,
          header.provider(),
          header.model(),
          header.keyId(),
          header.team(),
          storedAt,
          ttl);
    } catch (BufferUnderflowException notOurs) {
      return null;
    }
  }

  /** What the first {@link #HEADER} bytes of an answer say; null: they are no answer's. */
  static @Nullable Header header(byte[] bytes) {
    int from = CHECKED_FROM + 2 * Long.BYTES;
    if (bytes.length < from || bytes[0] != VERSION) {
      return null;
    }
    try {
      return texts(ByteBuffer.wrap(bytes, from, bytes.length - from));
    } catch (BufferUnderflowException notOurs) {
      return null;
    }
  }

  private static Header texts(ByteBuffer in) {
    String provider = text(in);
    String model = text(in);
    String keyId = text(in);
    String team = text(in);
    return new Header(provider, model, keyId, team.isEmpty() ? null : team);
  }

  private static String text(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, UTF_8);
  }

  private static int sum(String key, byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(key.getBytes(UTF_8));
    sum.update(bytes, CHECKED_FROM, bytes.length - CHECKED_FROM);
    return (int) sum.getValue();
  }
}
