package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, local/a, true",
    "local/*, local/a, true",
    "local/*, local/a/b, true",
    "local/*, locals/a, false",
    "local/*, other/local/a, false",
    "local/a, local/a, true",
    "local/a, local/ab, false",
    "openrouter/meta/llama, openrouter/meta/llama, true",
  })
  void matches(String pattern, String model, boolean expected) {
    assertThat(ModelPattern.isValid(pattern)).isTrue();
    assertThat(new ModelPattern(pattern).matches(model)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "**", "/a", "a/", "*/a", "a/b*", "a/*/b", "a/ b", "a b/c", "a//b", "a/\n"
      })
  void isNoPattern(String text) {
    assertThat(ModelPattern.isValid(text)).isFalse();
  }
}
