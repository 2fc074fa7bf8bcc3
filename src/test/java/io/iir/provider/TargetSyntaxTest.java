package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetSyntaxTest {

  private static TargetSyntaxException wrong(String text) {
    return catchThrowableOfType(TargetSyntaxException.class, () -> TargetList.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                          | 1  | expected a model or a set                        | write <provider>/<model>, <provider>/*, * or one of local, hosted, any, cheapest
          a/b,                        | 5  | expected a model or a set                        | write <provider>/<model>
          a/b c/d                     | 5  | expected ',' or the end                          | ``
          a/b)                        | 4  | expected ',' or the end                          | ``
          local(a/b                   | 10 | expected ',' or ')'                              | ``
          best(a/b c/d)               | 10 | expected ',' or ')'                              | ``
          local()                     | 7  | expected a model, a set or a condition           | leave them out for all models: local
          a/b, hostd                  | 6  | there is no set or selector 'hostd'              | did you mean 'hosted'?
          gpt-4o                      | 1  | there is no set or selector 'gpt-4o'             | write <provider>/<model>, <provider>/*, * or
          chepest(a/b)                | 1  | there is no set or selector 'chepest'            | did you mean 'cheapest'?
          tools                       | 1  | 'tools' is a condition                           | such as cheapest(tools)
          !tools, any                 | 1  | 'tools' is a condition                           | such as cheapest(tools)
          a/b, price<=3               | 6  | 'price' is a condition                           | such as cheapest(price <= 2.5)
          a/*b                        | 3  | expected '*' at the end of a name only           | such as openai/*
          /b                          | 1  | expected <provider>/<model> with something       | such as openai/gpt-4o
          a/                          | 1  | expected <provider>/<model> with something       | such as openai/gpt-4o
          "a/b                        | 1  | expected a closing '"'                           | ``
          best(qualty > 0.5)          | 6  | there is no property 'qualty'                    | did you mean 'quality'?
          best(zzz > 0.5)             | 6  | there is no property 'zzz'                       | write one of quality, price, input-price
          best(tool)                  | 6  | there is no property, set or selector 'tool'     | did you mean 'tools'?
          best(!tool)                 | 7  | there is no property 'tool'                      | did you mean 'tools'?
          best(!quality)              | 7  | 'quality' is a number, which '!' cannot deny     | such as quality >= 0.7
          best(!)                     | 7  | expected a property                              | write one of tools
          best(quality)               | 13 | expected one of <= >= != < > = behind 'quality'  | such as quality >= 0.7
          best(quality >=)            | 16 | expected a number behind 'quality'               | such as quality >= 0.7
          best(quality >= good)       | 17 | 'good' is no number                              | such as quality >= 0.7
          best(quality >= -1)         | 17 | '-1' is no number                                | such as quality >= 0.7
          best(quality >= 70)         | 17 | quality goes from 0 to 1                         | did you mean 0.7?
          best(quality == 1)          | 14 | there is no such comparison                      | write one of <= >=
          best(price => 1)            | 12 | there is no such comparison                      | write one of <= >=
          best(price <= 2k)           | 15 | 'price' is not counted in thousands              | such as price <= 2.5
          best(context >= 128kb)      | 17 | '128kb' is no number                             | such as context >= 128k
          best(tools = 1)             | 6  | 'tools' is no number: a model has it or not      | write tools or !tools
          best(0.7 <= quality)        | 6  | there is no property, set or selector '0'        | write one of
          weighted                    | 9  | expected '(' behind weighted                     | such as weighted(
          weighted()                  | 10 | expected a model's name or a pattern             | such as weighted(
          weighted(a/b)               | 13 | expected ':' and a weight behind the name        | such as weighted(
          weighted("a/b" 3)           | 16 | expected ':' and a weight behind the name        | such as weighted(
          weighted(a/b: x)            | 15 | 'x' is no weight                                 | a positive number
          weighted(a/b: -3)           | 15 | '-3' is no weight                                | a positive number
          weighted(a/b:)              | 14 | expected a weight                                | a positive number
          weighted(a/b: 0)            | 15 | a weight is more than 0                          | leave a model out
          weighted(local: 3)          | 10 | expected a model's name or a pattern             | such as weighted(
          weighted(a/b: 3, tools)     | 18 | expected a model's name or a pattern             | such as weighted(
          weighted(a/b: 3; c/d: 1)    | 15 | '3;' is no weight                                | a positive number
          """)
  void saysWhereWhatAndHow(String text, int column, String message, String hint) {
    TargetSyntaxException wrong = wrong(text);
    assertThat(wrong).as(text).isNotNull();
    assertThat(wrong.getMessage()).startsWith(message);
    assertThat(wrong.column()).as(wrong.described()).isEqualTo(column);
    if (hint.isEmpty()) {
      assertThat(wrong.hint()).isNull();
    } else {
      assertThat(wrong.hint()).startsWith(hint);
    }
  }

  @Test
  void refusesBracketsWithoutEnd() {
    assertThat(wrong("any(".repeat(100_000)).getMessage())
        .startsWith("expected brackets at most 20");
  }

  @Test
  void repeatsNoMoreThanFitsALine() {
    assertThat(wrong("best(a\n" + "x".repeat(10_000) + ")").described())
        .hasSizeLessThan(500)
        .doesNotContain("\n");
  }
}
