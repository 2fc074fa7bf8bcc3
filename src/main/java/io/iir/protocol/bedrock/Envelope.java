package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;

/** What stands around the choices of a chat completion and its chunks. One an answer. */
final class Envelope {

  private final String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
  private final long created = Instant.now().getEpochSecond();
  private final String model;

  Envelope(String model) {
    this.model = model;
  }

  /** An object of kind {@code object} that answers by {@code choices}. */
  ObjectNode around(String object, ArrayNode choices) {
    ObjectNode envelope =
        Trees.object()
            .put("id", id)
            .put("object", object)
            .put("created", created)
            .put("model", model);
    envelope.set("choices", choices);
    return envelope;
  }
}
