package io.iir.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One choice of a chat answer, or what a chunk adds to it. Texts are lists, for some providers
 * (Mistral's reasoning models) send content in parts.
 */
public final class ChatChoice {

  private final List<RawJson> content = new ArrayList<>(1);
  private final List<RawJson> reasoning = new ArrayList<>(1);
  private final List<ChatCall> calls = new ArrayList<>(0);
  private final byte[] source;
  private @Nullable RawJson refusal;
  private @Nullable RawJson details;
  private @Nullable RawJson annotations;
  private @Nullable RawJson logprobs;
  private @Nullable String finishReason;
  private int index;

  private ChatChoice(byte[] source) {
    this.source = source;
  }

  /** The choice that {@code in}, a parser of {@code source}, is at, read to its end. */
  static ChatChoice read(JsonParser in, byte[] source) throws IOException {
    ChatChoice choice = new ChatChoice(source);
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "index" -> choice.index = value.isNumeric() ? in.getIntValue() : 0;
        case "delta", "message" -> choice.message(in);
        case "finish_reason" ->
            choice.finishReason = value == JsonToken.VALUE_STRING ? in.getText() : null;
        case "logprobs" -> choice.logprobs(in);
        default -> {}
      }
      in.skipChildren();
    }
    return choice;
  }

  /** Its place among the answer's choices. */
  public int index() {
    return index;
  }

  /** Its text, strings; none of them is empty. */
  public List<RawJson> content() {
    return content;
  }

  /** The reasoning before its text, strings; none of them is empty. */
  public List<RawJson> reasoning() {
    return reasoning;
  }

  /** The calls of tools. */
  public List<ChatCall> calls() {
    return calls;
  }

  /** Why the model will not answer, a string that is not empty; null: it will. */
  public @Nullable RawJson refusal() {
    return refusal;
  }

  /** The array {@code reasoning_details}: signed or encrypted reasoning; null: none. */
  public @Nullable RawJson details() {
    return details;
  }

  /** The array {@code annotations}: sources that the text names; null: none. */
  public @Nullable RawJson annotations() {
    return annotations;
  }

  /** The array {@code logprobs.content}; null: none. */
  public @Nullable RawJson logprobs() {
    return logprobs;
  }

  /** Why it ended; null: not yet. */
  public @Nullable String finishReason() {
    return finishReason;
  }

  private void message(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    List<RawJson> otherReasoning = new ArrayList<>(0);
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "content" -> content(in);
        case "reasoning_content" -> strings(in, reasoning);
        case "reasoning" -> strings(in, otherReasoning);
        case "refusal" -> refusal = filled(value, RawJson.of(in, source));
        case "reasoning_details" -> details = filled(value, RawJson.of(in, source));
        case "annotations" -> annotations = filled(value, RawJson.of(in, source));
        case "tool_calls" -> calls(in);
        default -> {}
      }
      in.skipChildren();
    }
    if (reasoning.isEmpty()) { // some servers say the same in both
      reasoning.addAll(otherReasoning);
    }
  }

  private static @Nullable RawJson filled(JsonToken value, RawJson raw) {
    boolean has = value == JsonToken.VALUE_STRING || value == JsonToken.START_ARRAY;
    return has && !raw.isEmpty() ? raw : null;
  }

  /** A string, or parts: of type {@code text}, or {@code thinking} with texts of its own. */
  private void content(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      strings(in, content);
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        in.skipChildren();
        continue;
      }
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        if (name.equals("text")) {
          strings(in, content);
        } else if (name.equals("thinking")) {
          strings(in, reasoning);
        }
        in.skipChildren();
      }
    }
  }

  /** Adds the value to {@code list} if it is a string, else the strings named text in it. */
  private void strings(JsonParser in, List<RawJson> list) throws IOException {
    int depth = 0;
    do {
      JsonToken token = in.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING
          && (depth == 0 || "text".equals(in.currentName()))) {
        RawJson text = RawJson.of(in, source);
        if (!text.isEmpty()) {
          list.add(text);
        }
      }
    } while (depth > 0 && in.nextToken() != null);
  }

  private void logprobs(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      RawJson raw = RawJson.of(in, source);
      if (name.equals("content") && value == JsonToken.START_ARRAY && !raw.isEmpty()) {
        logprobs = raw;
      }
    }
  }

  private void calls(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.START_OBJECT) {
        calls.add(new CallReader(source).read(in));
      } else {
        in.skipChildren();
      }
    }
  }
}
