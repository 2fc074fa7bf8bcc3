package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the gateway must know of a JSON answer to an {@link Operation} other than a
 * conversation, or of one event of its stream: its errors, its usage, its end, how much text it
 * brings.
 *
 * <p>One a call, used again for each event: after {@link #read} the other methods tell of that
 * event. Usage is looked for where vendors have it: {@code usage} in OpenAI's names of either API,
 * a total alone (Jina, vLLM), seconds of sound, of which one counts {@value #TOKENS_PER_SECOND}
 * tokens (OpenAI's transcription), or Cohere's {@code meta.tokens}. Not thread-safe.
 */
public final class OperationAnswerReader {

  /** What OpenAI's models make of a second of sound. */
  static final int TOKENS_PER_SECOND = 10;

  private final TokenEstimator tokens = new TokenEstimator();
  private boolean done;
  private boolean malformed;
  private boolean error;
  private String type = "";
  private @Nullable Usage usage;

  /** Reads {@code length} bytes from {@code offset}. Never throws: see {@link #isMalformed()}. */
  public void read(byte[] data, int offset, int length) {
    clear();
    if (ChatChunkReader.isDone(data, offset, offset + length)) {
      done = true;
      return;
    }
    try (JsonParser in = JsonBytes.PLAIN.createParser(data, offset, length)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        object(in);
        malformed = in.nextToken() != null;
      } else {
        malformed = true;
      }
    } catch (IOException e) {
      clear();
      malformed = true;
    }
  }

  /** Whether it is {@code [DONE]}, with which some servers close a stream. */
  public boolean isDone() {
    return done;
  }

  /** Whether it is neither {@code [DONE]} nor a JSON object; all else is as if empty. */
  public boolean isMalformed() {
    return malformed;
  }

  /** Whether it reports an error: an {@code error} that is not null, or an event of that type. */
  public boolean isError() {
    return error || type.equals("error");
  }

  /** Whether it is the event with which an answer is complete: all of it has come. */
  public boolean isLast() {
    return type.endsWith(".done") || type.endsWith(".completed");
  }

  /** An estimate of the tokens of the text that it brings. */
  public int textTokens() {
    return tokens.tokens();
  }

  /** The usage that it reports, or null if it does not. */
  public @Nullable Usage usage() {
    return usage;
  }

  private void clear() {
    tokens.reset();
    done = false;
    malformed = false;
    error = false;
    type = "";
    usage = null;
  }

  private void object(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "type" -> type = value == JsonToken.VALUE_STRING ? in.getText() : "";
        case "error" -> error = value != JsonToken.VALUE_NULL;
        case "usage" -> usage = usage(in);
        case "meta" -> usage = usage == null ? meta(in) : usage;
        case "delta", "text" -> text(in);
        default -> {}
      }
      in.skipChildren();
    }
  }

  private void text(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      tokens.add(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
      tokens.endText();
    }
  }

  private static @Nullable Usage meta(JsonParser in) throws IOException {
    Usage found = null;
    if (in.currentToken() == JsonToken.START_OBJECT) {
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        found = name.equals("tokens") ? usage(in) : found;
        in.skipChildren();
      }
    }
    return found;
  }

  private static @Nullable Usage usage(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return null;
    }
    int prompt = -1;
    int completion = 0;
    int total = -1;
    double seconds = -1;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "prompt_tokens", "input_tokens" -> prompt = count(in);
        case "completion_tokens", "output_tokens" -> completion = Math.max(0, count(in));
        case "total_tokens" -> total = count(in);
        case "seconds" -> seconds = in.currentToken().isNumeric() ? in.getDoubleValue() : -1;
        default -> in.skipChildren();
      }
    }
    if (prompt < 0 && total >= 0) {
      prompt = Math.max(0, total - completion);
    }
    if (prompt < 0 && seconds >= 0) {
      prompt = (int) Math.min(Integer.MAX_VALUE, Math.ceil(seconds * TOKENS_PER_SECOND));
    }
    if (prompt < 0) {
      return null;
    }
    int sum = (int) Math.min((long) prompt + completion, Integer.MAX_VALUE);
    return new Usage(prompt, completion, total < 0 ? sum : total, 0);
  }

  /** The current value as a count; -1 if it is none. */
  private static int count(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = in.getDoubleValue(); // Cohere counts in floating point
      return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : -1;
    }
    boolean integer = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (integer && in.getNumberType() == JsonParser.NumberType.INT) {
      return Math.max(-1, in.getIntValue());
    }
    in.skipChildren();
    return -1;
  }
}
