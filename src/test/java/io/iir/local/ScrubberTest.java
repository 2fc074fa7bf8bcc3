package io.iir.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {

  private final Scrubber scrubber = new Scrubber(List.of("open-sesame", "open-sesame-2", "ab"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          key open-sesame given                  | key *** given
          key open-sesame-2 given                | key *** given
          ab stays                               | ab stays
          using sk-abcdefghijklmnop              | using ***
          HF token hf_abcdefghijklmnopqrst       | HF token ***
          api_key=verysecret                     | api_key=***
          --api-key: "verysecret"                | --api-key: "***"
          run with --api-key verysecret now      | run with --api-key *** now
          Authorization: Bearer verysecret       | Authorization: ***
          sent Bearer verysecret to it           | sent Bearer *** to it
          redis://user:pass@host/0               | redis://***@host/0
          error: no such file: model.gguf        | error: no such file: model.gguf
          llama tokens: 12 of 4096               | llama tokens: 12 of 4096
          """)
  void takesSecretsOut(String text, String expected) {
    assertThat(scrubber.scrub(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPENAI_API_KEY", "HF_TOKEN", "DB_PASSWORD", "DB_PASS", "DATABASE_URL"})
  void knowsVariablesWithSecrets(String name) {
    assertThat(Scrubber.isSecretName(name)).isTrue();
  }

  @Test
  void knowsOthers() {
    assertThat(Scrubber.isSecretName("PATH")).isFalse();
    assertThat(Scrubber.isSecretName("CUDA_VISIBLE_DEVICES")).isFalse();
  }
}
