package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.rules.RuleEdit;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Reads the text of a rule that an administrator sends: in JSON, or as the YAML itself. */
final class RuleEdits {

  /** What endpoints that take a rule's text consume. */
  static final String CONSUMES = "application/json,application/yaml";

  private static final List<String> FIELDS = List.of("text", "id");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

  private RuleEdits() {}

  /**
   * {@code {"text", "id"}}, or YAML.
   *
   * @throws ApiException 400 if it is neither
   */
  static RuleEdit of(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    if (isYaml(exchange)) {
      return RuleEdit.of(yaml(body));
    }
    return of(JsonBody.parse(body), "");
  }

  /**
   * The edit in the fields {@code text} and {@code id} of {@code node}, an object.
   *
   * @param path what the names of fields begin with in a refusal
   * @param more which fields besides are known
   * @throws ApiException 400 if they are not what they must be
   */
  static RuleEdit of(JsonNode node, String path, String... more) {
    List<String> known = new ArrayList<>(FIELDS);
    known.addAll(List.of(more));
    Fields.checkNames(node, path, known);
    JsonNode text = node.path("text");
    if (!text.isTextual() || text.textValue().isBlank()) {
      throw Fields.invalid(path + "text", "must be the rule's YAML as a string");
    }
    JsonNode id = node.path("id");
    if (id.isMissingNode() || id.isNull()) {
      return RuleEdit.of(text.textValue());
    }
    if (!id.isTextual() || !ID.matcher(id.textValue()).matches()) {
      throw Fields.invalid(path + "id", "must be a rule's id, such as provider-choice");
    }
    return new RuleEdit(id.textValue(), text.textValue());
  }

  private static String yaml(byte @Nullable [] body) {
    try {
      String text =
          body == null
              ? ""
              : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.isBlank()) {
        throw ApiException.invalidRequest("The body is empty: send the rule's YAML.", null);
      }
      return text;
    } catch (CharacterCodingException e) {
      throw ApiException.invalidRequest("The body is not UTF-8 text.", null);
    }
  }

  static boolean isYaml(Exchange exchange) {
    return exchange
        .getMessage()
        .getHeader(Exchange.CONTENT_TYPE, "", String.class)
        .toLowerCase(Locale.ROOT)
        .startsWith("application/yaml");
  }
}
