package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodeBlockTest {

  private static final String DOCUMENT =
      """
      # Title

      ```sh
      one   # prints a…b
      two   # prints c
      ```

      <!-- not run by the tests: it needs a dragon -->
      ```sh
      three
      ```

      ```yaml
      four: 4
      ```
      """;

  @Test
  void findsBlocksOfALanguage() {
    List<CodeBlock> blocks = CodeBlock.of(DOCUMENT, "sh");
    assertThat(blocks).extracting(CodeBlock::line).containsExactly(3, 9);
    assertThat(blocks.getFirst().text()).startsWith("one").endsWith("c\n");
    assertThat(blocks).extracting(CodeBlock::notRun).containsExactly(null, "it needs a dragon");
  }

  @Test
  void whatItPrintsMustComeInItsOrder() {
    CodeBlock block = CodeBlock.of(DOCUMENT, "sh").getFirst();
    assertThat(block.missingFrom("a and b, then c")).isNull();
    assertThat(block.missingFrom("a, c, b")).isEqualTo("c");
    assertThat(block.missingFrom("b, c")).isEqualTo("a");
  }
}
