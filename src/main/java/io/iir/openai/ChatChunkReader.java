package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the gateway must know of one event of a chat stream: its end, its errors, its usage,
 * and how much text it brings.
 *
 * <p>One a stream, used again for each event: after {@link #read} the other methods tell of that
 * event. Not thread-safe. Legacy completions ({@code choices[].text}) are understood too.
 */
public final class ChatChunkReader {

  private static final String DELTA = "delta";
  private static final String MESSAGE = "message";
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final TokenEstimator tokens = new TokenEstimator();
  private String spoken = DELTA;
  private boolean done;
  private boolean malformed;
  private boolean error;
  private boolean content;
  private boolean choicesEmpty;
  private @Nullable String finishReason;
  private @Nullable Usage usage;

  /**
   * Reads the data of one event: {@code length} bytes from {@code offset}, without {@code data:}.
   * Never throws: see {@link #isMalformed()}.
   */
  public void read(byte[] data, int offset, int length) {
    clear();
    if (isDone(data, offset, offset + length)) {
      done = true;
      return;
    }
    try (JsonParser in = JsonBytes.PLAIN.createParser(data, offset, length)) {
      chunk(in);
    } catch (IOException e) {
      clear();
      malformed = true;
    }
  }

  /**
   * As {@link #read}, of a whole answer: what is told of its content is that of its messages. Costs
   * more, so for one that does not report its usage.
   */
  public void readWithMessages(byte[] completion) {
    spoken = MESSAGE;
    read(completion, 0, completion.length);
    spoken = DELTA;
  }

  /** Whether the event is {@code [DONE]}, the end of a complete stream. */
  public boolean isDone() {
    return done;
  }

  /** Whether the event is neither {@code [DONE]} nor a JSON object; all else is as if empty. */
  public boolean isMalformed() {
    return malformed;
  }

  /** Whether the event reports an error: a top-level {@code error} that is not null. */
  public boolean isError() {
    return error;
  }

  /** Whether the event brings text, reasoning, a refusal, sound or a part of a tool call. */
  public boolean hasContent() {
    return content;
  }

  /** Whether the event is about no choice: {@code choices} is empty or absent. */
  public boolean choicesEmpty() {
    return choicesEmpty;
  }

  /** An estimate of the tokens of the text the event brings, at least 1 if there is any. */
  public int contentTokens() {
    return content ? Math.max(1, tokens.tokens()) : 0;
  }

  /** Why a choice ended with this event, or null if none did. */
  public @Nullable String finishReason() {
    return finishReason;
  }

  /** The usage the event reports, or null if it does not. */
  public @Nullable Usage usage() {
    return usage;
  }

  private void clear() {
    tokens.reset();
    done = false;
    malformed = false;
    error = false;
    content = false;
    choicesEmpty = true;
    finishReason = null;
    usage = null;
  }

  private void chunk(JsonParser in) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      malformed = true;
      return;
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "choices" -> choices(in);
        case "usage" -> usage(UsageReader.read(in));
        case "x_groq" -> usage(UsageReader.readGroq(in));
        case "error" -> {
          error = value != JsonToken.VALUE_NULL;
          in.skipChildren();
        }
        default -> in.skipChildren();
      }
    }
  }

  private void usage(@Nullable Usage found) {
    usage = found == null ? usage : found;
  }

  private void choices(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      choicesEmpty = false;
      if (in.currentToken() == JsonToken.START_OBJECT) {
        choice(in);
      } else {
        in.skipChildren();
      }
    }
  }

  private void choice(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case DELTA, MESSAGE -> {
          if (name.equals(spoken)) {
            delta(in);
          } else {
            in.skipChildren();
          }
        }
        case "text" -> strings(in);
        case "finish_reason" -> {
          if (value == JsonToken.VALUE_STRING) {
            finishReason = in.getText();
          } else {
            in.skipChildren();
          }
        }
        default -> in.skipChildren();
      }
    }
  }

  private void delta(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "content", "reasoning_content", "reasoning", "refusal" -> strings(in);
        case "tool_calls", "function_call" -> call(in);
        case "audio" -> {
          content |= value == JsonToken.START_OBJECT;
          in.skipChildren();
        }
        default -> in.skipChildren();
      }
    }
  }

  /** Counts the current value if it is a string; Mistral's list of parts by the strings in it. */
  private void strings(JsonParser in) throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (true) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING && in.getTextLength() > 0) {
        content = true;
        tokens.add(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
        tokens.endText();
      }
      if (depth == 0) {
        return;
      }
      token = in.nextToken();
    }
  }

  /** As {@link #strings}, but a call's id and type are no text. */
  private void call(JsonParser in) throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (true) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isScalarValue()) {
        content = content || depth > 0;
        if (token == JsonToken.VALUE_STRING && isSaid(in.currentName())) {
          tokens.add(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
          tokens.endText();
        }
      }
      if (depth == 0) {
        return;
      }
      token = in.nextToken();
    }
  }

  private static boolean isSaid(@Nullable String field) {
    return "arguments".equals(field) || "name".equals(field) || "input".equals(field);
  }

  /** Whether these bytes are {@code [DONE]}, blanks around it aside. */
  static boolean isDone(byte[] data, int from, int end) {
    int i = from;
    while (i < end && data[i] == ' ') {
      i++;
    }
    int last = end;
    while (last > i && data[last - 1] <= ' ' && data[last - 1] >= 0) {
      last--;
    }
    return last - i == DONE.length && Arrays.equals(data, i, last, DONE, 0, DONE.length);
  }
}
