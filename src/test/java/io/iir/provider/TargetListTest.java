package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetListTest {

  private static ProviderDirectory directory() {
    Provider openai = ProviderDirectoryTest.vendor("openai");
    Provider vllm = Provider.openai("vllm", URI.create("http://10.0.0.7:8000/v1"));
    ProviderDirectory directory =
        new ProviderDirectory(List.of(vllm, openai, Provider.sim("sim")), List.of(11434), Map.of());
    ProviderDirectoryTest.lists(directory, openai, "gpt-4o", "gpt-4o-mini", "o3");
    ProviderDirectoryTest.lists(directory, vllm, "qwen");
    directory.found(
        List.of(
            new LocalServer(
                URI.create("http://127.0.0.1:11434/v1"),
                List.of(new ListedModel("llama3:8b", 0, "", Map.of())))),
        Instant.EPOCH);
    return directory;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          openai/gpt-4o                  | openai/gpt-4o
          openai/o3, vllm/none           | openai/o3 vllm/none
          openai/*                       | openai/gpt-4o openai/gpt-4o-mini openai/o3
          openai/gpt*                    | openai/gpt-4o openai/gpt-4o-mini
          openai/o3, openai/*            | openai/o3 openai/gpt-4o openai/gpt-4o-mini
          local                          | vllm/qwen local/llama3:8b
          hosted                         | openai/gpt-4o openai/gpt-4o-mini openai/o3
          any                            | vllm/qwen openai/gpt-4o openai/gpt-4o-mini openai/o3 local/llama3:8b
          *                              | vllm/qwen openai/gpt-4o openai/gpt-4o-mini openai/o3 local/llama3:8b sim/echo sim/lorem
          local(openai/o3, vllm/*)       | vllm/qwen
          hosted(any(openai/o3)), local  | openai/o3 vllm/qwen local/llama3:8b
          any(sim/echo)                  | sim/echo
          "local/My Model (Q4), x"       | local/My Model (Q4), x
          """)
  void means(String text, String ids) {
    assertThat(
            String.join(
                " ",
                TargetList.parse(text).expand(directory()).stream().map(ModelName::id).toList()))
        .isEqualTo(ids);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          local, any          | sim/*                 | sim/echo sim/lorem
          any                 | sim/echo openai/o3    | openai/o3
          hosted, any         | vllm/* openai/o3      | openai/o3 vllm/qwen
          openai/*            | openai/o3             | openai/o3
          openai/o3, sim/echo | sim/*                 | sim/echo
          any(openai/o3, sim/echo) | sim/*            | sim/echo
          local               | openai/*              | ``
          *                   | *                     | vllm/qwen openai/gpt-4o openai/gpt-4o-mini openai/o3 local/llama3:8b sim/echo sim/lorem
          """)
  void meansOnlyWhatTheCallerMayUse(String text, String patterns, String ids) {
    List<ModelPattern> allowed = Stream.of(patterns.split(" ", -1)).map(ModelPattern::new).toList();
    assertThat(
            String.join(
                " ",
                TargetList.parse(text).expand(directory(), allowed).stream()
                    .map(ModelName::id)
                    .toList()))
        .isEqualTo(ids);
  }

  @Test
  void theSimulatorIsTheLastResort() {
    ProviderDirectory alone =
        new ProviderDirectory(List.of(Provider.sim("sim")), List.of(), Map.of());
    assertThat(TargetList.parse("any").expand(alone))
        .extracting(ModelName::id)
        .containsExactly("sim/echo", "sim/lorem");
    assertThat(TargetList.parse("local, hosted").expand(alone)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                 | column 1: expected <provider>/<model>, <provider>/*, * or one of local, hosted, any
          a/b,               | column 5: expected <provider>/<model>
          a/b c/d            | column 5: expected ',' or the end
          local(a/b          | column 10: expected ',' or ')'
          local()            | column 7: expected <provider>/<model>
          a/b, hostd         | column 6: expected <provider>/<model>, <provider>/*, * or one of local, hosted, any, not 'hostd'; did you mean 'hosted'?
          gpt-4o             | column 1: expected <provider>/<model>, <provider>/*, * or one of local, hosted, any, not 'gpt-4o'
          a/*b               | column 3: expected '*' at the end of a name only
          /b                 | column 1: expected <provider>/<model> with something on both sides
          "a/b               | column 1: expected a closing '"'
          a/b)               | column 4: expected ',' or the end
          """)
  void saysWhereItIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TargetList.parse(text))
        .withMessageContaining(message);
  }

  @Test
  void refusesBracketsWithoutEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TargetList.parse("any(".repeat(100_000)))
        .withMessageContaining("brackets at most");
  }

  @Test
  void isParsedOnce() {
    assertThat(TargetList.parse("openai/o3, any")).isSameAs(TargetList.parse("openai/o3, any"));
  }
}
