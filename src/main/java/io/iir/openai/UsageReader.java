package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the usage in a provider's answer, or in the data of one event of its stream: the top-level
 * field {@code usage}, or Groq's {@code x_groq.usage}.
 *
 * <p>First looks for the bytes of the key, so that an answer without usage costs no parsing.
 * Stateless.
 */
public final class UsageReader {

  private static final byte[] KEY = {'"', 'u', 's', 'a', 'g', 'e', '"'};

  private UsageReader() {}

  /** The usage in {@code json}; null if there is none or it is not as it should be. */
  public static @Nullable Usage find(byte[] json) {
    return find(json, 0, json.length);
  }

  /** As {@link #find(byte[])}, in {@code length} bytes from {@code offset}. */
  public static @Nullable Usage find(byte[] data, int offset, int length) {
    if (!hasKey(data, offset, offset + length)) {
      return null;
    }
    try (JsonParser in = JsonBytes.PLAIN.createParser(data, offset, length)) {
      return topLevel(in);
    } catch (IOException malformed) {
      return null;
    }
  }

  private static @Nullable Usage topLevel(JsonParser in) throws IOException {
    Usage usage = null;
    if (in.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("usage")) {
        Usage found = read(in);
        usage = found == null ? usage : found;
      } else if (name.equals("x_groq") && usage == null) {
        usage = readGroq(in);
      } else {
        in.skipChildren();
      }
    }
    return in.currentToken() == JsonToken.END_OBJECT ? usage : null;
  }

  /** Reads the value of {@code x_groq}, at which the parser is, to its end. */
  static @Nullable Usage readGroq(JsonParser in) throws IOException {
    Usage usage = null;
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return null;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean here = in.currentName().equals("usage");
      in.nextToken();
      if (here) {
        usage = read(in);
      } else {
        in.skipChildren();
      }
    }
    return usage;
  }

  /**
   * Reads the value of {@code usage}, at which the parser is, to its end. Takes the names of the
   * chat API and those of the responses API ({@code input_tokens}, {@code output_tokens}).
   */
  static @Nullable Usage read(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return null;
    }
    int prompt = -1;
    int completion = 0;
    int total = -1;
    int cached = 0;
    boolean sound = true;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "prompt_tokens", "input_tokens" -> {
          prompt = count(in);
          sound &= prompt >= 0;
        }
        case "completion_tokens", "output_tokens" -> {
          completion = count(in);
          sound &= completion >= 0;
        }
        case "total_tokens" -> total = count(in);
        case "prompt_tokens_details", "input_tokens_details" -> cached = cached(in);
        default -> in.skipChildren();
      }
    }
    if (!sound || prompt < 0) {
      return null;
    }
    int sum = (int) Math.min((long) prompt + completion, Integer.MAX_VALUE);
    return new Usage(prompt, completion, total < 0 ? sum : total, cached);
  }

  private static int cached(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return 0;
    }
    int cached = 0;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean here = in.currentName().equals("cached_tokens");
      in.nextToken();
      if (here) {
        cached = Math.max(0, count(in));
      } else {
        in.skipChildren();
      }
    }
    return cached;
  }

  /** The current value as a count; -1, and past it, if it is none. */
  private static int count(JsonParser in) throws IOException {
    boolean integer = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (integer && in.getNumberType() == JsonParser.NumberType.INT) {
      return Math.max(-1, in.getIntValue());
    }
    in.skipChildren();
    return -1;
  }

  /** Whether the bytes have an unescaped {@code "usage"}, a colon and an opening brace. */
  private static boolean hasKey(byte[] data, int from, int end) {
    int last = end - KEY.length;
    for (int i = from; i < last; i++) {
      if (data[i] == '"' && data[i + 1] == 'u' && isKey(data, i) && opens(data, i, from, end)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKey(byte[] data, int at) {
    for (int i = 2; i < KEY.length; i++) {
      if (data[at + i] != KEY[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean opens(byte[] data, int key, int from, int end) {
    if (key > from && data[key - 1] == '\\') {
      return false;
    }
    int colon = skipBlanks(data, key + KEY.length, end);
    if (colon == end || data[colon] != ':') {
      return false;
    }
    int value = skipBlanks(data, colon + 1, end);
    return value < end && data[value] == '{';
  }

  private static int skipBlanks(byte[] data, int from, int end) {
    int i = from;
    while (i < end && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t')) {
      i++;
    }
    return i;
  }
}
