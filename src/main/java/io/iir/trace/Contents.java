package io.iir.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.StreamedText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and answered in one conversation, for its span: texts alone, cut to a bounded
 * length. Used by one exchange, one thread at a time.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">OpenTelemetry's
 *     form of messages</a>
 */
public final class Contents {

  /** So many letters of what was asked, and of what was answered. */
  static final int MOST = 32 << 10;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StreamedText streamed = new StreamedText();
  private byte @Nullable [] whole;
  private int left;

  Contents() {}

  /** An event of a streamed answer, which is {@code length} bytes from {@code offset}. */
  public void event(byte[] data, int offset, int length) {
    if (streamed.text().length() < MOST) {
      streamed.add(data, offset, length);
    }
  }

  /** The whole answer, a chat completion. */
  public void whole(byte[] completion) {
    whole = completion;
  }

  /** The messages of {@code request}, a body in OpenAI's form. */
  String input(byte[] request) {
    left = MOST;
    ArrayNode messages = JSON.createArrayNode();
    for (JsonNode message : tree(request).path("messages")) {
      add(messages, message.path("role").asText(), message.path("content"));
    }
    return messages.toString();
  }

  /** The messages of the answer, for which the model stopped for {@code reason}. */
  String output(@Nullable String reason) {
    left = MOST;
    ArrayNode messages = JSON.createArrayNode();
    byte[] completion = whole;
    if (completion == null) {
      add(messages, "assistant", JSON.getNodeFactory().textNode(streamed.text()))
          .put("finish_reason", String.valueOf(reason));
    } else {
      for (JsonNode choice : tree(completion).path("choices")) {
        add(messages, "assistant", choice.at("/message/content"))
            .put("finish_reason", choice.path("finish_reason").asText());
      }
    }
    return messages.toString();
  }

  private ObjectNode add(ArrayNode messages, String role, JsonNode content) {
    ObjectNode message = messages.addObject().put("role", role);
    ArrayNode parts = message.putArray("parts");
    if (content.isTextual()) {
      part(parts, content.textValue());
    } else {
      for (JsonNode part : content) {
        if (part.path("text").isTextual()) {
          part(parts, part.path("text").textValue());
        }
      }
    }
    return message;
  }

  private void part(ArrayNode parts, String text) {
    String shown = text.substring(0, Math.min(left, text.length()));
    left -= shown.length();
    parts.addObject().put("type", "text").put("content", shown);
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return JSON.missingNode(); // what is no JSON has no messages
    }
  }
}
