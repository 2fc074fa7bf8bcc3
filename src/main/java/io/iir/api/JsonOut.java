package io.iir.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** Writes JSON into a buffer, piece by piece; that the pieces fit together is the caller's care. */
public final class JsonOut {

  private JsonOut() {}

  /** Writes {@code json}, which is ASCII, as it is. */
  public static void raw(ByteBuf out, String json) {
    ByteBufUtil.writeAscii(out, json);
  }

  /** Writes a number. */
  public static void number(ByteBuf out, long value) {
    ByteBufUtil.writeAscii(out, Long.toString(value));
  }

  /** Writes {@code text} as a string with its quotes. */
  public static void string(ByteBuf out, String text) {
    out.writeByte('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    out.writeByte('"');
  }

  /** Writes the text of {@code value}, a string or a number, as a string; null for any other. */
  public static void text(ByteBuf out, JsonNode value) {
    if (value.isTextual() || value.isNumber()) {
      string(out, value.asText());
    } else {
      raw(out, "null");
    }
  }

  /** Writes {@code value}, or null where there is none. */
  public static void value(ByteBuf out, @Nullable RawJson value) {
    if (value == null) {
      raw(out, "null");
    } else {
      value.writeTo(out);
    }
  }
}
