package io.iir.flow;

import static io.iir.testing.Chunks.DONE;

import io.iir.testing.GatewayProcess;
import io.iir.testing.RawClient;
import java.io.IOException;

/**
 * An API that clients speak: the fields of its request behind the model, and how a stream that is
 * whole ends.
 */
enum SpokenApi {
  CHAT("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]", DONE),
  COMPLETIONS("/v1/completions", "\"prompt\":\"Hi\"", DONE),
  RESPONSES("/v1/responses", "\"input\":\"Hi\"", "\"status\":\"completed\""),
  MESSAGES(
      "/v1/messages",
      "\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
      "data: {\"type\":\"message_stop\"}\n\n");

  private final String path;
  private final String fields;
  private final String end;

  SpokenApi(String path, String fields, String end) {
    this.path = path;
    this.fields = fields;
    this.end = end;
  }

  RawClient ask(GatewayProcess gateway, boolean stream) throws IOException {
    String body = "{\"model\":\"fake/m\",\"stream\":%s,%s}".formatted(stream, fields);
    return RawClient.post(gateway.port(), path, body);
  }

  /** Whether {@code events} are a whole answer of this API. */
  boolean isWhole(String events) {
    String last = events.substring(Math.max(0, events.length() - 4000));
    return this == RESPONSES
        ? last.contains("event: response.completed") && last.contains(end)
        : events.endsWith(end);
  }

  /** Whether {@code events} end with the word of a gateway that stops, in this API's form. */
  boolean isToldSo(String events) {
    String[] all = events.split("\n\n", 0);
    String last = all[all.length - 1];
    String word = "the gateway is stopping; the answer is not complete";
    return last.contains(word)
        && switch (this) {
          case CHAT, COMPLETIONS -> last.startsWith("data: {\"error\":{");
          case RESPONSES ->
              events.contains("event: error\n") && last.startsWith("event: response.failed\n");
          case MESSAGES -> last.startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{");
        };
  }

  /** Whether {@code body} is an error in this API's form. */
  boolean isRefusal(String body) {
    return body.contains("the gateway is stopping; try again")
        && body.startsWith(this == MESSAGES ? "{\"type\":\"error\"" : "{\"error\":{");
  }
}
