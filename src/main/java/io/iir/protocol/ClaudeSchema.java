package io.iir.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A JSON schema in the part of JSON Schema that Claude answers by: every object is closed, and a
 * constraint that it has not, such as {@code minLength}, stands at the end of the description,
 * where the model reads it and nothing enforces it. Anthropic's own SDKs do the same.
 *
 * @param schema the schema as it goes out
 * @param stripped whether some constraint is not enforced any more
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs">What
 *     Claude takes</a>
 */
public record ClaudeSchema(ObjectNode schema, boolean stripped) {

  /** The field that a schema for an answer is in. */
  public static final String FIELD = "response_format.json_schema.schema";

  private static final Set<String> KEPT =
      Set.of("type", "enum", "const", "default", "title", "description", "required", "$ref");

  /** What says nothing about an answer. */
  private static final Set<String> SILENT = Set.of("$schema", "$id", "$comment", "examples");

  private static final Set<String> SCHEMAS = Set.of("$defs", "definitions", "properties");
  private static final Set<String> CHOICES = Set.of("anyOf", "oneOf", "allOf");

  private static final Set<String> FORMATS =
      Set.of(
          "date-time",
          "time",
          "date",
          "duration",
          "email",
          "hostname",
          "uri",
          "ipv4",
          "ipv6",
          "uuid");

  /**
   * The schema of {@code format}, a {@code response_format} of the type {@code json_schema}.
   *
   * @throws ApiException 400 if there is none
   */
  public static ClaudeSchema ofFormat(JsonNode format) {
    if (format.path("json_schema").path("schema") instanceof ObjectNode schema) {
      return of(schema);
    }
    throw ApiException.invalidRequest(
        FIELD + " is missing: send the JSON schema that the answer is to have.", FIELD);
  }

  /** As Claude takes {@code schema}, which stays as it is. */
  public static ClaudeSchema of(ObjectNode schema) {
    Writer writer = new Writer();
    ObjectNode out = writer.write(schema);
    return new ClaudeSchema(out, writer.stripped);
  }

  /** Writes one schema anew. */
  private static final class Writer {

    private boolean stripped;

    private JsonNode any(JsonNode schema) {
      return schema instanceof ObjectNode object ? write(object) : schema;
    }

    private ObjectNode write(ObjectNode schema) {
      ObjectNode out = JsonNodeFactory.instance.objectNode();
      StringJoiner unsupported = new StringJoiner(", ", "{", "}").setEmptyValue("");
      for (Map.Entry<String, JsonNode> member : schema.properties()) {
        if (!takes(member.getKey(), member.getValue(), schema, out)) {
          unsupported.add(member.getKey() + ": " + member.getValue());
          stripped = true;
        }
      }
      if (isObject(schema)) {
        if (!schema.has("type")) {
          out.put("type", "object");
        }
        out.put("additionalProperties", false);
      }
      if (unsupported.length() > 0) {
        String said = out.path("description").asText("");
        out.put("description", (said.isEmpty() ? "" : said + "\n\n") + unsupported);
      }
      return out;
    }

    /** Whether the member is seen to: written into {@code out}, or not worth a word. */
    private boolean takes(String name, JsonNode value, ObjectNode schema, ObjectNode out) {
      if (schema.has("$ref") && !name.equals("$ref") && !SCHEMAS.contains(name)) {
        return aside(name); // nothing may stand beside a reference
      }
      if (KEPT.contains(name)
          || (name.equals("format") && FORMATS.contains(value.asText()))
          || (name.equals("minItems") && (value.asInt(-1) == 0 || value.asInt() == 1))) {
        out.set(name, value);
      } else if (SCHEMAS.contains(name) && value.isObject()) {
        ObjectNode all = out.putObject(name);
        value.properties().forEach(each -> all.set(each.getKey(), any(each.getValue())));
      } else if (CHOICES.contains(name) && value.isArray()) {
        ArrayNode all = out.putArray(name.equals("allOf") ? "allOf" : "anyOf");
        value.forEach(each -> all.add(any(each)));
      } else if (name.equals("items") && value.isObject()) {
        out.set(name, any(value));
      } else if (name.equals("additionalProperties") && isObject(schema)) {
        stripped |= value.isObject(); // a map of any names has no closed form
      } else {
        return SILENT.contains(name) || (name.equals("items") && value.asBoolean());
      }
      return true;
    }

    private boolean aside(String name) {
      stripped |= !Set.of("description", "title", "default").contains(name);
      return true;
    }

    private static boolean isObject(JsonNode schema) {
      JsonNode type = schema.path("type");
      if (type.isMissingNode()) {
        return schema.has("properties");
      }
      for (JsonNode each : type) {
        if (each.asText().equals("object")) {
          return true;
        }
      }
      return type.asText("").equals("object");
    }
  }
}
