package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.classify.Category;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.train.Lookalikes.Lookalike;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of lookalikes is fair, and the report says what was answered. */
class LookalikesTest {

  private static final List<Lookalike> LIST = Lookalikes.list();

  @Test
  void areTwentyOfAllCategoriesThatLookLikeOthers() {
    assertThat(LIST)
        .hasSize(20)
        .allSatisfy(one -> {
          assertThat(Category.ofText(one.category())).isNotNull();
          assertThat(Category.ofText(one.looksLike())).isNotNull();
          assertThat(one.looksLike()).isNotEqualTo(one.category());
        });
    assertThat(LIST.stream().map(Lookalike::category).collect(Collectors.toSet()))
        .hasSameSizeAs(Category.OF_TEXT);
  }

  @Test
  void nothingIsTrainedOnThem() {
    Set<String> trained =
        PromptFile.read(Path.of("src/train/prompts")).stream()
            .map(Prompt::text)
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(LIST).noneMatch(one -> trained.contains(one.prompt()));
  }

  @Test
  void theReportCountsWhatIsRight() {
    String report = Lookalikes.report(new Classifier(ModelFile.shipped()));
    long right = report.lines().filter(line -> line.endsWith("| right |")).count();
    long wrong = report.lines().filter(line -> line.endsWith("| **wrong** |")).count();
    assertThat(right + wrong).isEqualTo(20);
    assertThat(report).contains("not trained on: " + right + " right.");
  }
}
