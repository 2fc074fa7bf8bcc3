package io.iir.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names are those of models that reason. */
class ReasonersTest {

  @ParameterizedTest
  @CsvSource({
    "o3-mini, true",
    "o1, true",
    "gpt-5.1, true",
    "openai/gpt-oss-120b, true",
    "gpt-oss:20b, true",
    "deepseek-reasoner, true",
    "Qwen/Qwen3-32B, true",
    "gpt-4o, false",
    "gpt-4.1-mini, false",
    "gpt-5-chat-latest, false",
    "llama-3.1-8b-instruct, false",
    "Qwen3-4B-Instruct-2507, false",
    "deepseek-chat, false"
  })
  void aNameTells(String name, boolean reasons) {
    assertThat(Reasoners.include(name)).isEqualTo(reasons);
  }
}
