package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;

/**
 * Makes of one {@code text_completion} the server-sent events of a stream with the same meaning: an
 * event for each choice, one for usage. Stateless.
 */
final class TextReplay {

  private static final byte[] DATA = "data: ".getBytes(UTF_8);
  private static final byte[] END = "\n\n".getBytes(UTF_8);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

  private TextReplay() {}

  /** Whether {@code answer} is a completion of a text. */
  static boolean fits(ObjectNode answer) {
    return answer.path("object").asText().equals("text_completion");
  }

  static byte[] of(ObjectNode answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    ObjectNode event = answer.deepCopy();
    event.remove("usage");
    for (JsonNode choice : answer.path("choices")) {
      event.putArray("choices").add(choice);
      write(event, out);
    }
    if (answer.path("usage").isObject()) {
      event.putArray("choices");
      event.set("usage", answer.get("usage"));
      write(event, out);
    }
    out.writeBytes(DONE);
    return out.toByteArray();
  }

  private static void write(ObjectNode event, ByteArrayOutputStream out) {
    try {
      out.writeBytes(DATA);
      out.writeBytes(JsonBytes.TREE.writeValueAsBytes(event));
      out.writeBytes(END);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
