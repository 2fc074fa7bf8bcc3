package io.iir.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An export is read as it was written, and says which line is broken. */
class DecisionExportTest {

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    List<String> lines = lines(Exports.of(7));
    DecisionExport read = DecisionExport.read(lines.iterator());
    assertThat(lines).hasSize(8);
    assertThat(lines.getFirst()).startsWith("{\"type\":\"models\"");
    assertThat(read.headers()).containsExactly("x-tenant");
    assertThat(lines(read)).isEqualTo(lines);
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    List<String> lines = new ArrayList<>(lines(Exports.of(3)));
    lines.set(2, "{\"facts\":");
    assertWrong(lines.iterator(), "line 3 is not JSON");
    lines.set(2, "{\"facts\":{}}");
    assertWrong(lines.iterator(), "line 3 has no 'facts' or no 'targets'");
    lines.set(2, "{\"facts\":{},\"targets\":\"a b c\"}");
    assertWrong(lines.iterator(), "line 3 ");
    lines.set(2, "{\"facts\":{},\"targets\":\"any\",\"at\":\"yesterday\"}");
    assertWrong(lines.iterator(), "line 3 ");
    lines.set(2, "{\"facts\":{},\"targets\":\"any\",\"allowed\":[\"\"]}");
    assertWrong(lines.iterator(), "line 3 allows ''");
  }

  @Test
  void theModelsMustBeThere() throws IOException {
    List<String> lines = lines(Exports.of(1));
    assertWrong(List.<String>of().iterator(), "is empty");
    assertWrong(lines.subList(1, 2).iterator(), "line 1 does not hold the models on offer");
    assertWrong(List.of("{\"type\":\"models\"}").iterator(), "line 1 has no list 'providers'");
  }

  private static void assertWrong(Iterator<String> lines, String message) {
    assertThatThrownBy(() -> DecisionExport.read(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static List<String> lines(DecisionExport export) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    export.write(out);
    return out.toString(UTF_8).lines().toList();
  }
}
