package io.iir.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DayOfWeek;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that a recipe is tried with, and what is to become of it.
 *
 * @param recipe the file in {@code routes/examples}, or the folder of files there
 * @param body the request's body
 * @param headers its headers: name, value, …
 * @param key the name of the key that it comes with; empty: the administrator's
 * @param when when it comes; null: whenever
 * @param given what else is the case
 * @param model the model that is to answer; empty: whichever
 * @param reason what X-Route-Reason is to say
 */
record Try(
    String recipe,
    String body,
    List<String> headers,
    String key,
    @Nullable Hour when,
    Given given,
    String model,
    String reason) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An hour of the week. */
  record Hour(DayOfWeek day, int hour) {}

  /** What is the case when a request comes. */
  enum Given {
    NOTHING,
    /** Local models are answering eight requests. */
    BUSY,
    /** The server of the provider {@code gpu} is up. */
    WORKSTATION
  }

  /** A request for {@code auto} that says {@code text}. */
  static Try of(String recipe, String text) {
    ObjectNode body = JSON.createObjectNode().put("model", "auto");
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    return new Try(recipe, body.toString(), List.of(), "", null, Given.NOTHING, "", "");
  }

  /** With these fields besides, or in the place of others: {@code "name": value, …}. */
  Try with(String fields) {
    try {
      JsonNode more = JSON.readTree("{" + fields + "}");
      ObjectNode all = (ObjectNode) JSON.readTree(body);
      String changed = all.setAll((ObjectNode) more).toString();
      return new Try(recipe, changed, headers, key, when, given, model, reason);
    } catch (IOException e) {
      throw new IllegalArgumentException(fields, e);
    }
  }

  Try header(String name, String value) {
    return new Try(recipe, body, List.of(name, value), key, when, given, model, reason);
  }

  Try key(String name) {
    return new Try(recipe, body, headers, name, when, given, model, reason);
  }

  Try at(DayOfWeek day, int hour) {
    return new Try(recipe, body, headers, key, new Hour(day, hour), given, model, reason);
  }

  Try given(Given circumstance) {
    return new Try(recipe, body, headers, key, when, circumstance, model, reason);
  }

  /** {@code answered} is to answer, because of {@code why}. */
  Try gets(String answered, String why) {
    return new Try(recipe, body, headers, key, when, given, answered, why);
  }
}
