package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ChatRequest;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Which stop sequence ended an answer, where the server says it. */
final class StopSequences {

  private StopSequences() {}

  /**
   * The stop sequence of {@code request} that {@code reason} is; null if it is none.
   *
   * @param reason the field {@code stop_reason} that vLLM adds to a choice
   */
  static @Nullable String met(JsonNode reason, ModelRequest request) {
    return reason.isTextual() ? met(reason.textValue(), request) : null;
  }

  /** The same of a text. */
  static @Nullable String met(@Nullable String reason, ModelRequest request) {
    if (reason == null || !(request instanceof ChatRequest chat)) {
      return null;
    }
    try {
      for (JsonNode each : JsonBytes.TREE.readTree(chat.body()).path("stop")) {
        if (each.asText().equals(reason)) {
          return reason;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return null;
  }
}
