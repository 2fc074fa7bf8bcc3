package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A chat request as the strictest servers of OpenAI's protocol take it: without the extensions by
 * which translators tell each other what OpenAI's form has no place for, and with content that is
 * all text as one string, which some servers insist on.
 */
final class StrictForm {

  private static final List<String> IN_MESSAGES = List.of("reasoning_content", "reasoning_details");
  private static final List<String> IN_PARTS = List.of("cache_control");
  private static final List<String> IN_CALLS = List.of("extra_content");
  private static final List<String> OUTERMOST = List.of("top_k");

  private final Set<String> removed = new LinkedHashSet<>();
  private boolean changed;

  private StrictForm() {}

  /**
   * A body in this form.
   *
   * @param body the body itself where it has the form already
   * @param removed the names of the fields that were taken out
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Body(byte[] body, List<String> removed) {}

  /** {@code body} in this form. */
  static Body of(byte[] body) {
    StrictForm form = new StrictForm();
    try {
      JsonNode request = JsonBytes.TREE.readTree(body);
      form.request(request);
      return new Body(form.changed ? JsonBytes.write(request) : body, List.copyOf(form.removed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void request(JsonNode request) {
    remove(request, OUTERMOST);
    for (JsonNode message : request.path("messages")) {
      message(message);
    }
    for (JsonNode tool : request.path("tools")) {
      remove(tool, IN_PARTS);
    }
  }

  private void message(JsonNode message) {
    remove(message, IN_MESSAGES);
    for (JsonNode call : message.path("tool_calls")) {
      remove(call, IN_CALLS);
    }
    if (message.path("content") instanceof ArrayNode parts) {
      boolean texts = true;
      for (JsonNode part : parts) {
        remove(part, IN_PARTS);
        texts &= part.path("type").asText().equals("text");
      }
      if (texts) {
        // An assistant's parts follow on each other; other parts are texts of their own.
        boolean assistant = message.path("role").asText().equals("assistant");
        ((ObjectNode) message).put("content", join(parts, assistant ? "" : "\n"));
        changed = true;
      }
    }
  }

  private static String join(ArrayNode parts, String between) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : parts) {
      if (!text.isEmpty()) {
        text.append(between);
      }
      text.append(part.path("text").asText());
    }
    return text.toString();
  }

  private void remove(JsonNode from, List<String> fields) {
    for (String field : fields) {
      if (from instanceof ObjectNode object && object.remove(field) != null) {
        changed = true;
        removed.add(field);
      }
    }
  }
}
