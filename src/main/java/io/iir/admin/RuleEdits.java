package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.rules.RuleEdit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Reads the text of a rule that an administrator sends: in JSON, or as the YAML itself. */
final class RuleEdits {

  /** What endpoints that take a rule's text consume. */
  static final String CONSUMES = "application/json,application/yaml";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

  private RuleEdits() {}

  /** {@code {"text", "id"}}, or YAML. */
  static RuleEdit of(Exchange exchange) {
    if (isYaml(exchange)) {
      byte[] body = exchange.getMessage().getBody(byte[].class);
      return RuleEdit.of(new String(body == null ? new byte[0] : body, StandardCharsets.UTF_8));
    }
    JsonNode root = JsonBody.parse(exchange.getMessage().getBody(byte[].class));
    Fields.checkNames(root, "", List.of("text", "id"));
    return of(root);
  }

  /** The edit in the fields {@code text} and {@code id} of {@code node}. */
  static RuleEdit of(JsonNode node) {
    JsonNode text = node.path("text");
    if (!text.isTextual()) {
      throw ApiException.invalidRequest("'text' must be the rule's YAML as a string.", "text");
    }
    JsonNode id = node.path("id");
    if (id.isMissingNode() || id.isNull()) {
      return RuleEdit.of(text.textValue());
    }
    if (!id.isTextual() || !ID.matcher(id.textValue()).matches()) {
      throw ApiException.invalidRequest("'id' must be a rule's id, such as provider-choice.", "id");
    }
    return new RuleEdit(id.textValue(), text.textValue());
  }

  static boolean isYaml(Exchange exchange) {
    return exchange
        .getMessage()
        .getHeader(Exchange.CONTENT_TYPE, "", String.class)
        .startsWith("application/yaml");
  }
}
