package io.iir.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code chat.completion.chunk}, or a whole {@code chat.completion}, says, its values as
 * they stand in it. Read in one pass; not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">OpenAI's reference
 *     of chat streams</a>
 */
public final class ChatChunk {

  static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final List<ChatChoice> choices = new ArrayList<>(1);
  private final byte[] source;
  private @Nullable RawJson id;
  private @Nullable RawJson model;
  private @Nullable RawJson serviceTier;
  private @Nullable RawJson fingerprint;
  private @Nullable RawJson error;
  private @Nullable ChatUsage usage;
  private long created;
  private boolean text;

  private ChatChunk(byte[] source) {
    this.source = source;
  }

  /**
   * Reads {@code source}, which is not to be written to from now on.
   *
   * @return null if it is no JSON object
   */
  public static @Nullable ChatChunk read(byte[] source) {
    ChatChunk chunk = new ChatChunk(source);
    try (JsonParser in = JSON.createParser(source)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      chunk.object(in);
    } catch (IOException notJson) {
      return null;
    }
    return chunk;
  }

  /**
   * Whether it is a legacy completion ({@code text_completion}): of its choices no text is read.
   */
  public boolean isText() {
    return text;
  }

  /** Its choices, in the order that they stand there. */
  public List<ChatChoice> choices() {
    return choices;
  }

  /** The answer's id, a string; null: not said. */
  public @Nullable RawJson id() {
    return id;
  }

  /** The model that answers, a string; null: not said. */
  public @Nullable RawJson model() {
    return model;
  }

  /** The tier that serves it, a string; null: not said. */
  public @Nullable RawJson serviceTier() {
    return serviceTier;
  }

  /** What {@code system_fingerprint} says, a string; null: nothing. */
  public @Nullable RawJson fingerprint() {
    return fingerprint;
  }

  /** The failure that is reported in place of an answer; null: none. */
  public @Nullable RawJson error() {
    return error;
  }

  /** The tokens used; null: not said. */
  public @Nullable ChatUsage usage() {
    return usage;
  }

  /** When the answer was made, in seconds since 1970; 0: not said. */
  public long created() {
    return created;
  }

  private void object(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "id" -> id = string(in, id);
        case "model" -> model = string(in, model);
        case "service_tier" -> serviceTier = string(in, serviceTier);
        case "system_fingerprint" -> fingerprint = string(in, fingerprint);
        case "created" -> created = value.isNumeric() ? in.getLongValue() : created;
        case "object" ->
            text = value == JsonToken.VALUE_STRING && in.getText().equals("text_completion");
        case "choices" -> choices(in);
        case "usage" -> {
          ChatUsage found = ChatUsage.read(in, source);
          usage = found == null ? usage : found;
        }
        case "error" -> error = value == JsonToken.VALUE_NULL ? null : RawJson.of(in, source);
        default -> {}
      }
      in.skipChildren();
    }
  }

  private @Nullable RawJson string(JsonParser in, @Nullable RawJson before) throws IOException {
    return in.currentToken() == JsonToken.VALUE_STRING ? RawJson.of(in, source) : before;
  }

  private void choices(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.START_OBJECT) {
        choices.add(ChatChoice.read(in, source));
      } else {
        in.skipChildren();
      }
    }
  }
}
