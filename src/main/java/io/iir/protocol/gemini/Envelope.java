package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What stands around the choices of a chat completion and its chunks. One an answer. */
final class Envelope {

  private final String model;
  private @Nullable String id;
  private long created;

  /** Of an answer by {@code model}, unless the answer itself says better. */
  Envelope(String model) {
    this.model = model;
  }

  /** An object of kind {@code object} that answers by {@code choices}. */
  ObjectNode around(String object, JsonNode answer, ArrayNode choices) {
    if (id == null) {
      String response = answer.path("responseId").asText("");
      id = "chatcmpl-" + (response.isEmpty() ? new CallIds().next() : response);
      created = created(answer.path("createTime").asText(""));
    }
    ObjectNode envelope =
        Trees.object()
            .put("id", id)
            .put("object", object)
            .put("created", created)
            .put("model", answer.path("modelVersion").asText(model));
    envelope.set("choices", choices);
    return envelope;
  }

  /** Vertex AI says when it began; the Gemini API does not. */
  private static long created(String time) {
    try {
      return (time.isEmpty() ? Instant.now() : Instant.parse(time)).getEpochSecond();
    } catch (DateTimeException notOne) {
      return Instant.now().getEpochSecond();
    }
  }
}
