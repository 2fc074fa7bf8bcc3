package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

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
                ProviderKind.OPENAI,
                List.of(new ListedModel("llama3:8b", 0, "", ModelFacts.UNKNOWN)))),
        Instant.EPOCH);
    return directory;
  }

  private static String chosen(String text, Needs needs) {
    return String.join(
        " ",
        TargetList.parse(text).choose(directory(), needs).stream()
            .map(model -> model.name().id())
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          openai/gpt-4o                  | openai/gpt-4o
          openai/o3, vllm/none           | openai/o3
          vllm/none                      | ``
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
          "openai/o3"                    | openai/o3
          """)
  void means(String text, String ids) {
    assertThat(chosen(text, Needs.NOTHING)).isEqualTo(ids);
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
          cheapest            | sim/*                 | sim/echo sim/lorem
          local               | openai/*              | ``
          *                   | *                     | vllm/qwen openai/gpt-4o openai/gpt-4o-mini openai/o3 local/llama3:8b sim/echo sim/lorem
          """)
  void meansOnlyWhatTheCallerMayUse(String text, String patterns, String ids) {
    List<ModelPattern> allowed = Stream.of(patterns.split(" ", -1)).map(ModelPattern::new).toList();
    assertThat(chosen(text, Needs.NOTHING.allowing(allowed))).isEqualTo(ids);
  }

  @Test
  void theSimulatorIsTheLastResort() {
    ProviderDirectory alone =
        new ProviderDirectory(List.of(Provider.sim("sim")), List.of(), Map.of());
    assertThat(TargetList.parse("any").choose(alone, Needs.NOTHING))
        .extracting(model -> model.name().id())
        .containsExactly("sim/echo", "sim/lorem");
    assertThat(TargetList.parse("local, hosted").choose(alone, Needs.NOTHING)).isEmpty();
  }

  @Test
  void namesWhatItNames() {
    assertThat(
            TargetList.parse(
                    "a/b, best(local, tools, \"c/My Model (Q4), x\"), weighted(d/e:f: 9, g/*: 1)")
                .names())
        .containsExactly(
            new NamedAt(new ModelName("a", "b"), 1),
            new NamedAt(new ModelName("c", "My Model (Q4), x"), 25),
            new NamedAt(new ModelName("d", "e:f"), 57));
  }

  @Test
  void isParsedOnce() {
    assertThat(TargetList.parse("openai/o3, any")).isSameAs(TargetList.parse("openai/o3, any"));
  }
}
