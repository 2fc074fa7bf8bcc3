package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An OpenAPI document, to hold answers against. */
record Contract(JsonNode document) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Headers of HTTP itself, which OpenAPI has no place for. */
  private static final Set<String> HTTP =
      Set.of("connection", "content-length", "content-type", "transfer-encoding");

  /** All answers that are promised: {@code GET /health 200}; the {@code default} ones left out. */
  Set<String> answers() {
    Set<String> all = new TreeSet<>();
    for (String operation : operations()) {
      operation(operation)
          .path("responses")
          .fieldNames()
          .forEachRemaining(status -> {
            if (!status.equals("default")) {
              all.add(operation + " " + status);
            }
          });
    }
    return all;
  }

  /** All operations: {@code GET /health}. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(name -> {
                  if (!name.equals("parameters")) {
                    all.add(name.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    return all;
  }

  private JsonNode operation(String operation) {
    String[] parts = operation.split(" ", 2);
    return document.path("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
  }

  /** Fails unless {@code answer} is what the document promises of {@code operation}. */
  void check(String operation, HttpResponse<String> answer) {
    JsonNode responses = operation(operation).path("responses");
    JsonNode promised = responses.path(Integer.toString(answer.statusCode()));
    checkAnswer(resolve(promised.isMissingNode() ? responses.path("default") : promised), answer);
  }

  /** Fails unless {@code answer} is the named one of the answers that operations share. */
  void checkShared(String name, HttpResponse<String> answer) {
    checkAnswer(document.path("components").path("responses").path(name), answer);
  }

  private void checkAnswer(JsonNode promised, HttpResponse<String> answer) {
    assertThat(promised.isObject()).as("status %d is promised", answer.statusCode()).isTrue();
    checkHeaders(promised.path("headers"), answer.headers());
    String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    JsonNode schema = promised.path("content").path(type).path("schema");
    assertThat(schema.isObject()).as("type '%s' is promised", type).isTrue();
    switch (type) {
      case "application/json" -> checkJson(schema, answer.body());
      case "text/event-stream" -> checkEvents(answer.body());
      case "application/x-ndjson" -> checkExport(answer.body().lines().toList());
      default -> assertThat(answer.body()).isNotBlank();
    }
  }

  /** The first line is what is on offer, each other a decision. */
  private void checkExport(List<String> lines) {
    assertThat(lines.getFirst()).startsWith("{\"type\":\"models\"");
    lines.subList(1, lines.size()).forEach(this::checkDecision);
  }

  private void checkHeaders(JsonNode promised, HttpHeaders sent) {
    TreeMap<String, JsonNode> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    promised
        .properties()
        .forEach(header -> byName.put(header.getKey(), resolve(header.getValue())));
    byName.forEach((name, header) -> {
      assertThat(sent.firstValue(name).isPresent() || !header.path("required").asBoolean())
          .as("the required header %s is there", name)
          .isTrue();
      sent.firstValue(name)
          .ifPresent(value -> check(header.path("schema"), JSON.valueToTree(value), name));
    });
    Set<String> other = new TreeSet<>(sent.map().keySet());
    other.removeIf(name -> byName.containsKey(name) || HTTP.contains(name));
    assertThat(other).as("headers that are not documented").isEmpty();
  }

  private void checkEvents(String body) {
    if (body.startsWith("event: message_start\n")) {
      assertThat(body).endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
      return;
    }
    assertThat(body).endsWith("data: [DONE]\n\n");
    JsonNode chunk =
        JSON.createObjectNode().put("$ref", "#/components/schemas/ChatCompletionChunk");
    body.lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> checkJson(chunk, line.substring("data: ".length())));
  }

  private void checkDecision(String line) {
    checkJson(JSON.createObjectNode().put("$ref", "#/components/schemas/Decision"), line);
  }

  private void checkJson(JsonNode schema, String body) {
    try {
      check(schema, JSON.readTree(body), body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void check(JsonNode schema, JsonNode value, String name) {
    ObjectNode root = schema.deepCopy();
    root.set("components", document.path("components"));
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(root)
                .validate(value))
        .as(name)
        .isEmpty();
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }
}
