package io.iir.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeSchemaTest {

  private static ClaudeSchema of(String schema) {
    return ClaudeSchema.of((ObjectNode) Gateway.json(schema));
  }

  @Test
  void everyObjectIsClosed() {
    ClaudeSchema closed =
        of(
            """
            {"type":"object","required":["a"],"properties":{
               "a":{"type":"array","minItems":1,"items":{"type":"object"}},
               "b":{"anyOf":[{"properties":{}},{"type":"null"}]},
               "c":{"oneOf":[{"type":["object","null"],"additionalProperties":true}]},
               "type":{"$ref":"#/$defs/D"}},
             "$defs":{"D":{"allOf":[{"type":"object"}]}},
             "items":true,"$schema":"https://json-schema.org/draft/2020-12/schema"}\
            """);

    assertThat(closed.schema())
        .isEqualTo(
            Gateway.json(
                """
                {"type":"object","required":["a"],"properties":{
                   "a":{"type":"array","minItems":1,
                     "items":{"type":"object","additionalProperties":false}},
                   "b":{"anyOf":[
                     {"properties":{},"type":"object","additionalProperties":false},
                     {"type":"null"}]},
                   "c":{"anyOf":[{"type":["object","null"],"additionalProperties":false}]},
                   "type":{"$ref":"#/$defs/D"}},
                 "$defs":{"D":{"allOf":[{"type":"object","additionalProperties":false}]}},
                 "additionalProperties":false}\
                """));
    assertThat(closed.stripped()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"integer\",\"description\":\"D\",\"minimum\":1,\"maximum\":10}"
            + " | {\"type\":\"integer\",\"description\":\"D\\n\\n{minimum: 1, maximum: 10}\"}",
        "{\"type\":\"array\",\"minItems\":2} | {\"type\":\"array\",\"description\":\"{minItems:"
            + " 2}\"}",
        "{\"type\":\"string\",\"format\":\"regex\"}"
            + " | {\"type\":\"string\",\"description\":\"{format: \\\"regex\\\"}\"}",
        "{\"$ref\":\"#/$defs/D\",\"minLength\":1} | {\"$ref\":\"#/$defs/D\"}",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"
            + " | {\"type\":\"object\",\"additionalProperties\":false}"
      })
  void whatClaudeCannotEnforceIsToldInTheDescription(String schema, String out) {
    assertThat(of(schema).schema()).isEqualTo(Gateway.json(out));
    assertThat(of(schema).stripped()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"string\",\"format\":\"date\",\"title\":\"T\",\"default\":\"x\"}",
        "{\"enum\":[\"a\",1,null]}",
        "{\"const\":\"a\"}",
        "{\"type\":\"array\",\"items\":{},\"minItems\":0}",
        "{\"$ref\":\"#/$defs/D\"}"
      })
  void whatClaudeTakesStaysAsItIs(String schema) {
    ClaudeSchema same = of(schema);

    assertThat(same.schema()).isEqualTo(Gateway.json(schema));
    assertThat(same.stripped()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"json_schema\":{}}", "{\"json_schema\":{\"schema\":\"object\"}}"})
  void aFormatNeedsASchema(String format) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> ClaudeSchema.ofFormat(Gateway.json(format)))
        .satisfies(e -> assertThat(e.error().param()).isEqualTo(ClaudeSchema.FIELD));
  }
}
