package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which conversations are text and nothing else. */
class PlainTextTest {

  private static boolean isPlain(String message) {
    String body =
        "{'model':'m','messages':[{'role':'system','content':'Be brief.'},%s]}".formatted(message);
    return PlainText.isAllOf(
        ChatRequest.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'role':'user','content':'Hi'}",
        "{'role':'assistant','content':'Hello','tool_calls':null}",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}"
      })
  void textIs(String message) {
    assertThat(isPlain(message)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'input_audio'}]}",
        "{'role':'assistant','content':'','tool_calls':[{'id':'1'}]}",
        "{'role':'assistant','content':'','function_call':{'name':'f'}}",
        "{'role':'assistant','content':'','audio':{'id':'1'}}",
        "{'role':'assistant','content':null}",
        "{'role':'tool','tool_call_id':'1','content':'3'}"
      })
  void moreIsNot(String message) {
    assertThat(isPlain(message)).isFalse();
  }
}
