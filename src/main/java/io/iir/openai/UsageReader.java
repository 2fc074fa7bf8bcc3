package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage in a provider's answer, or in the data of one event of its stream: the top-level
 * field {@code usage}, or Groq's {@code x_groq.usage}. Stateless.
 */
final class UsageReader {

  private UsageReader() {}

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
}
