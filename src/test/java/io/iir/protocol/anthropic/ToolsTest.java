package io.iir.protocol.anthropic;

import static io.iir.protocol.anthropic.Calls.PLAIN;
import static io.iir.protocol.anthropic.Calls.dropped;
import static io.iir.protocol.anthropic.Calls.hello;
import static io.iir.protocol.anthropic.Calls.json;
import static io.iir.protocol.anthropic.Calls.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {

  private static final String TOOLS =
      """
      "tools":[{"type":"function","function":{"name":"f","description":"D","strict":true,
        "parameters":{"type":"object","properties":{"a":{"type":"number","minimum":0.10}}}},
        "cache_control":{"type":"ephemeral"}},
       {"type":"function","function":{"name":"g"}}]\
      """;

  private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

  @Test
  void functionsHaveTheirSchema() {
    JsonNode body = hello(PLAIN, TOOLS);

    assertThat(body.path("tools"))
        .isEqualTo(
            json(
                """
                [{"name":"f","description":"D","input_schema":{"type":"object",
                  "properties":{"a":{"type":"number","description":"{minimum: 0.10}"}},
                  "additionalProperties":false},"strict":true,
                  "cache_control":{"type":"ephemeral"}},
                 {"name":"g","input_schema":{"type":"object","properties":{}}}]\
                """));
    assertThat(body.has("tool_choice")).isFalse();
    assertThat(dropped(PLAIN, TOOLS)).containsExactly("tools[].function.parameters");
  }

  @Test
  void strictIsLeftOutWhereTheModelIsNot() {
    JsonNode body = hello("claude-3-5-haiku-20241022", TOOLS);

    assertThat(body.path("tools").path(0).has("strict")).isFalse();
    assertThat(dropped("claude-3-5-haiku-20241022", TOOLS))
        .containsExactly("tools[].function.strict");
  }

  @Test
  void toolsOfAnthropicsOwnStayAsTheyAre() {
    String tool = "{\"type\":\"text_editor_20250728\",\"name\":\"str_replace_based_edit_tool\"}";

    assertThat(Calls.call(PLAIN, HELLO, "\"tools\":[" + tool + "]").body())
        .asString(UTF_8)
        .contains("\"tools\":[" + tool + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"auto\" | {\"type\":\"auto\"}",
        "\"none\" | {\"type\":\"none\"}",
        "\"required\" | {\"type\":\"any\"}",
        "{\"type\":\"function\",\"function\":{\"name\":\"g\"}} | {\"type\":\"tool\",\"name\":\"g\"}"
      })
  void choices(String choice, String expected) {
    assertThat(hello(PLAIN, TOOLS, "\"tool_choice\":" + choice).path("tool_choice"))
        .isEqualTo(json(expected));
  }

  @Test
  void oneCallAtATime() {
    assertThat(hello(PLAIN, TOOLS, "\"parallel_tool_calls\":false").path("tool_choice"))
        .isEqualTo(json("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"));
    assertThat(
            hello(PLAIN, TOOLS, "\"parallel_tool_calls\":false", "\"tool_choice\":\"required\"")
                .path("tool_choice"))
        .isEqualTo(json("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"));
    assertThat(hello(PLAIN, TOOLS, "\"parallel_tool_calls\":true").has("tool_choice")).isFalse();
    assertThat(hello(PLAIN, "\"parallel_tool_calls\":false").has("tool_choice")).isFalse();
  }

  @Test
  void onlyWhatIsAllowedIsOffered() {
    String allowed =
        """
        "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
         "tools":[{"type":"function","function":{"name":"g"}}]}}\
        """;
    JsonNode body = hello(PLAIN, TOOLS, allowed);

    assertThat(body.path("tools").findValuesAsText("name")).containsExactly("g");
    assertThat(body.path("tool_choice")).isEqualTo(json("{\"type\":\"any\"}"));
  }

  @Test
  void whatTheModelRefusesIsRefusedBefore() {
    assertThat(refused("claude-opus-5-5", HELLO, TOOLS, "\"tool_choice\":\"required\""))
        .isEqualTo("tool_choice");
    assertThat(refused(PLAIN, HELLO, TOOLS, "\"tool_choice\":{\"type\":\"custom\"}"))
        .isEqualTo("tool_choice");
    assertThat(
            refused(PLAIN, HELLO, "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]"))
        .isEqualTo("tools[0].type");
  }
}
