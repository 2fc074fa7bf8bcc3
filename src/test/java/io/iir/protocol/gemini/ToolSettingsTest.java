package io.iir.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolSettingsTest {

  private static final String FLASH = "gemini-2.5-flash";
  private static final String TOOLS =
      """
      "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,
       "parameters":{"type":"object","additionalProperties":false,"properties":{}}}},
       {"type":"function","function":{"name":"g"}}]\
      """;

  private static JsonNode calling(String choice) {
    return Calls.json(Calls.hello(FLASH, TOOLS + ",\"tool_choice\":" + choice))
        .path("toolConfig")
        .path("functionCallingConfig");
  }

  @Test
  void declaresFunctions() {
    WireCall call = Calls.hello(FLASH, TOOLS);

    assertThat(Calls.json(call).path("tools"))
        .isEqualTo(
            Gateway.json(
                """
                [{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":
                 {"type":"object","additionalProperties":false,"properties":{}}},{"name":"g"}]}]\
                """));
    assertThat(Calls.json(call).has("toolConfig")).isFalse();
    assertThat(call.dropped()).containsExactly("tools[].function.strict");
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO", "none, NONE", "required, ANY"})
  void saysWhetherToCall(String choice, String mode) {
    assertThat(calling("\"" + choice + "\""))
        .isEqualTo(Gateway.json("{\"mode\":\"%s\"}".formatted(mode)));
  }

  @Test
  void saysWhatToCall() {
    assertThat(calling("{\"type\":\"function\",\"function\":{\"name\":\"g\"}}"))
        .isEqualTo(Gateway.json("{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"g\"]}"));
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO", "required, ANY"})
  void declaresOnlyWhatIsAllowed(String mode, String expected) {
    String choice =
        """
        {"type":"allowed_tools","allowed_tools":{"mode":"%s","tools":[
         {"type":"function","function":{"name":"g"}}]}}\
        """
            .formatted(mode);
    JsonNode body = Calls.json(Calls.hello(FLASH, TOOLS + ",\"tool_choice\":" + choice));

    assertThat(body.path("tools").findValuesAsText("name")).containsExactly("g");
    assertThat(body.path("toolConfig").path("functionCallingConfig").path("mode").asText())
        .isEqualTo(expected);
  }

  @Test
  void refusesAnotherChoice() {
    String message = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],";

    assertThat(Calls.refusal(message + TOOLS + ",\"tool_choice\":\"maybe\"").error().param())
        .isEqualTo("tool_choice");
    assertThat(
            Calls.refusal(message + TOOLS + ",\"tool_choice\":{\"type\":\"custom\"}")
                .error()
                .param())
        .isEqualTo("tool_choice");
  }

  @Test
  void choosesNothingWhereThereIsNothing() {
    assertThat(Calls.json(Calls.hello(FLASH, "\"tools\":[],\"tool_choice\":\"auto\""))).hasSize(1);
  }
}
