package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.rules.language.Fact;
import io.iir.rules.language.Knob;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The words of rules are documented, each once. */
class RuleWordsTest {

  private static final Markdown ROUTING = Markdown.read("docs/ROUTING.md");

  @Test
  void whatCanBeAskedIsDocumented() {
    assertThat(ROUTING.section("What can be asked").firstCells())
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(Fact.values()).map(Fact::word).toList());
  }

  @Test
  void whatCanBeSetIsDocumented() {
    assertThat(ROUTING.section("What can be set").firstCells())
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(Knob.values()).map(Knob::word).toList());
  }
}
