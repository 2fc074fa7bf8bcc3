package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationAnswerReaderTest {

  private static OperationAnswerReader read(String json) {
    OperationAnswerReader reader = new OperationAnswerReader();
    byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
    reader.read(bytes, 0, bytes.length);
    return reader;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'usage':{'prompt_tokens':8,'total_tokens':8}}                       | 8  | 0 | 8
          {'usage':{'total_tokens':9,'input_tokens':5,'output_tokens':4}}      | 5  | 4 | 9
          {'usage':{'total_tokens':815}}                                       | 815 | 0 | 815
          {'usage':{'type':'duration','seconds':2.35}}                         | 24 | 0 | 24
          {'usage':{'type':'tokens','input_tokens':14,'output_tokens':45,'input_token_details':{'text_tokens':1}}} | 14 | 45 | 59
          {'meta':{'billed_units':{'search_units':1},'tokens':{'input_tokens':6.0}}} | 6 | 0 | 6
          {'data':[{'usage':{}}],'usage':{'prompt_tokens':1}}                  | 1  | 0 | 1
          """)
  void readsUsageWhereVendorsHaveIt(String json, int prompt, int completion, int total) {
    assertThat(read(json).usage()).isEqualTo(new Usage(prompt, completion, total, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'usage':null}",
        "{'usage':{'seconds':'2'}}",
        "{'usage':{'prompt_tokens':-1}}",
        "{'usage':{'total_tokens':99999999999}}",
        "{'meta':{'billed_units':{'search_units':1}}}"
      })
  void doesNotMakeUsageUp(String json) {
    OperationAnswerReader answer = read(json);
    assertThat(answer.usage()).isNull();
    assertThat(answer.isMalformed()).isFalse();
    assertThat(answer.isError()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "'a'", "{", "{'a':", "WEBVTT", "{}{}"})
  void knowsWhatIsNoAnswer(String text) {
    assertThat(read(text).isMalformed()).isTrue();
  }

  @Test
  void knowsErrorsAndEnds() {
    assertThat(read("{'error':{'message':'no'}}").isError()).isTrue();
    assertThat(read("{'error':null}").isError()).isFalse();
    assertThat(read("{'type':'error','message':'no'}").isError()).isTrue();
    assertThat(read("{'type':'transcript.text.done'}").isLast()).isTrue();
    assertThat(read("{'type':'image_generation.completed'}").isLast()).isTrue();
    assertThat(read("{'type':'transcript.text.delta','delta':'Hello there'}").isLast()).isFalse();
    assertThat(read("{'type':'transcript.text.delta','delta':'Hello there'}").textTokens())
        .isEqualTo(2);
    assertThat(read("[DONE]").isDone()).isTrue();
  }
}
