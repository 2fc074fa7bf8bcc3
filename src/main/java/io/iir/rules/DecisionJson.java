package io.iir.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.provider.ModelPattern;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.Knob;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions as lines of JSON: what is exported, and read again elsewhere. Stateless. */
public final class DecisionJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DecisionJson() {}

  /** {@code record} as one object. */
  public static ObjectNode write(DecisionRecord record) {
    ObjectNode line = JSON.createObjectNode();
    line.put("at", record.at().toString());
    line.put("request_id", record.requestId());
    ObjectNode facts = line.putObject("facts");
    record.facts().set().forEach((fact, value) -> facts.putPOJO(fact.word(), value));
    ObjectNode headers = line.putObject("headers");
    record.facts().headers().forEach(headers::put);
    var allowed = line.putArray("allowed");
    record.allowed().forEach(pattern -> allowed.add(pattern.text()));
    line.put("targets", record.decision().text());
    line.put("reason", record.decision().reason());
    line.put("set", record.decision().set());
    var tags = line.putArray("tags");
    record.decision().tags().forEach(tags::add);
    DecisionRecord.Ending ending = record.ending();
    if (ending != null) {
      line.put("model", ending.model());
      line.put("prompt_tokens", ending.promptTokens());
      line.put("completion_tokens", ending.completionTokens());
    }
    return line;
  }

  /**
   * The decision that one line holds.
   *
   * @throws IllegalArgumentException saying what is wrong with the line
   */
  public static DecisionRecord read(String text) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!line.path("facts").isObject() || !line.path("targets").isTextual()) {
      throw new IllegalArgumentException("has no 'facts' or no 'targets'");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    line.path("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    Facts facts = new Facts(headers);
    line.path("facts").properties().forEach(each -> put(facts, each.getKey(), each.getValue()));
    List<ModelPattern> allowed = new ArrayList<>();
    line.path("allowed").forEach(pattern -> allowed.add(new ModelPattern(pattern.asText())));
    DecisionRecord record =
        new DecisionRecord(
            time(line.path("at").asText("1970-01-01T00:00:00Z")),
            line.path("request_id").asText(),
            facts,
            allowed.isEmpty() ? List.of(ModelPattern.ALL) : allowed,
            decision(line, facts));
    if (line.has("prompt_tokens")) {
      record.end(
          new DecisionRecord.Ending(
              line.path("model").isTextual() ? line.path("model").asText() : null,
              line.path("prompt_tokens").asLong(),
              line.path("completion_tokens").asLong()));
    }
    return record;
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("has an 'at' that is no time: " + text, e);
    }
  }

  private static Decision decision(JsonNode line, Facts facts) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(Knob.TARGETS.word(), line.path("targets").asText());
    variables.put(Knob.REASON.word(), line.path("reason").asText());
    List<String> tags = new ArrayList<>();
    line.path("tags").forEach(tag -> tags.add(tag.asText()));
    if (!tags.isEmpty()) {
      variables.put(Knob.TAGS.word(), String.join(", ", tags));
    }
    Verdict verdict = new DecisionReader().read(variables, facts, line.path("set").asLong());
    return switch (verdict) {
      case Decision decision -> decision;
      case Failure failure -> throw new IllegalArgumentException(failure.message());
    };
  }

  private static void put(Facts facts, String word, JsonNode value) {
    Fact fact = Fact.of(word);
    if (fact != null) {
      facts.with(fact, value(fact, value));
    }
  }

  private static @Nullable Object value(Fact fact, JsonNode value) {
    if (fact.type() == Integer.class) {
      return value.asInt();
    }
    if (fact.type() == Double.class) {
      return value.asDouble();
    }
    if (fact.type() == Boolean.class) {
      return value.asBoolean();
    }
    if (fact.type() == List.class) {
      List<String> all = new ArrayList<>();
      value.forEach(each -> all.add(each.asText()));
      return List.copyOf(all);
    }
    return value.isNull() ? null : value.asText();
  }
}
