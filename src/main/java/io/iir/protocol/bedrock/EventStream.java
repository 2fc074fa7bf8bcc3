package io.iir.protocol.bedrock;

import io.netty.buffer.ByteBuf;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Puts together the messages of an {@code application/vnd.amazon.eventstream} from pieces that are
 * cut anywhere: length, length of the headers, their checksum, headers, payload, checksum. Confined
 * to one thread.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon Event Stream
 *     specification</a>
 */
final class EventStream {

  private static final int PRELUDE = 12;
  private static final int CHECKSUM = 4;

  /** The most that a message may have, payload and headers. */
  private static final int LONGEST = (24 << 20) + (128 << 10);

  private static final int FIRST_ROOM = 4 << 10;
  private static final int ROOM_KEPT = 64 << 10;

  /**
   * A message.
   *
   * @param headers those that are texts, by name
   * @param payload what it says
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Message(Map<String, String> headers, byte[] payload) {}

  private final Consumer<Message> messages;
  private byte[] held = new byte[FIRST_ROOM];
  private int length;

  /** Tells {@code messages} each message that is whole. */
  EventStream(Consumer<Message> messages) {
    this.messages = messages;
  }

  /** Whether a message has begun and is not whole. */
  boolean isWithin() {
    return length > 0;
  }

  /**
   * Takes what is readable in {@code piece}, which stays the caller's.
   *
   * @throws IllegalStateException if that is no event stream, or was changed on the way
   */
  void feed(ByteBuf piece) {
    int more = piece.readableBytes();
    if (held.length - length < more) {
      held = Arrays.copyOf(held, Math.max(length + more, held.length * 2));
    }
    piece.readBytes(held, length, more);
    length += more;
    int from = 0;
    int whole = wholeAt(from);
    while (whole > 0) {
      messages.accept(message(from, whole));
      from += whole;
      whole = wholeAt(from);
    }
    if (from > 0) {
      length -= from;
      System.arraycopy(held, from, held, 0, length);
    }
    if (length == 0 && held.length > ROOM_KEPT) {
      held = new byte[FIRST_ROOM];
    }
  }

  /** The length of the message at {@code from} if it is whole, else 0. */
  private int wholeAt(int from) {
    int there = length - from;
    if (there < PRELUDE) {
      return 0;
    }
    ByteBuffer prelude = ByteBuffer.wrap(held, from, PRELUDE);
    int total = prelude.getInt();
    int headers = prelude.getInt();
    if (crc(from, PRELUDE - CHECKSUM) != prelude.getInt()) {
      throw new IllegalStateException("the checksum of a message's beginning is wrong");
    }
    boolean fits = total >= PRELUDE + CHECKSUM && total <= LONGEST;
    if (!fits || headers < 0 || headers > total - PRELUDE - CHECKSUM) {
      throw new IllegalStateException("a message has an impossible length");
    }
    return there < total ? 0 : total;
  }

  private Message message(int from, int total) {
    ByteBuffer in = ByteBuffer.wrap(held, from, total);
    int sum = in.getInt(from + total - CHECKSUM);
    if (crc(from, total - CHECKSUM) != sum) {
      throw new IllegalStateException("the checksum of a message is wrong");
    }
    int headerLength = in.getInt(from + Integer.BYTES);
    in.position(from + PRELUDE);
    int payload = from + PRELUDE + headerLength;
    Map<String, String> headers = new HashMap<>();
    try {
      while (in.position() < payload) {
        header(in, headers);
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("a message's headers are broken", e);
    }
    return new Message(headers, Arrays.copyOfRange(held, payload, from + total - CHECKSUM));
  }

  private static void header(ByteBuffer in, Map<String, String> headers) {
    String name = text(in, Byte.toUnsignedInt(in.get()));
    int type = in.get();
    switch (type) {
      case 0, 1 -> {} // true, false
      case 2 -> skip(in, Byte.BYTES);
      case 3 -> skip(in, Short.BYTES);
      case 4 -> skip(in, Integer.BYTES);
      case 5, 8 -> skip(in, Long.BYTES); // a number, a time
      case 6 -> skip(in, Short.toUnsignedInt(in.getShort())); // bytes
      case 7 -> headers.put(name, text(in, Short.toUnsignedInt(in.getShort())));
      case 9 -> skip(in, 2 * Long.BYTES); // a UUID
      default -> throw new IllegalStateException("a header is of unknown type " + type);
    }
  }

  private static void skip(ByteBuffer in, int bytes) {
    text(in, bytes);
  }

  private static String text(ByteBuffer in, int bytes) {
    byte[] value = new byte[bytes];
    in.get(value);
    return new String(value, StandardCharsets.UTF_8);
  }

  private int crc(int from, int bytes) {
    CRC32 crc = new CRC32();
    crc.update(held, from, bytes);
    return (int) crc.getValue();
  }
}
