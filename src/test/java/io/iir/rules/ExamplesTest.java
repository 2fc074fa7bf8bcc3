package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.rules.check.CheckedRule;
import io.iir.rules.check.RuleReader;
import io.iir.rules.language.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes in {@code routes/examples} are rules, and are all tried by {@link ExamplesIT}. */
class ExamplesTest {

  private static final Vocabulary VOCABULARY =
      new Vocabulary(Set.of("user-agent", "x-priority", "x-tenant"), Map.of(), name -> null);

  static Iterable<String> recipes() {
    return Recipes.names();
  }

  @Test
  void allAreTried() {
    assertThat(Recipes.names()).hasSizeGreaterThanOrEqualTo(14);
    assertThat(Recipes.TRIES.stream().map(Try::recipe).distinct())
        .containsExactlyInAnyOrderElementsOf(Recipes.names());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void requestsTakeDifferentBranches(String recipe) {
    assertThat(Recipes.tries(recipe).stream().map(Try::reason).distinct())
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void aRecipePassesTheGatesAndSaysWhatItIsFor(String recipe) throws Exception {
    try (RuleReader reader = new RuleReader(Map.of())) {
      for (Path file : Recipes.files(recipe)) {
        byte[] content = Files.readAllBytes(file);
        String id = Recipes.id(file);
        String name = id + RuleFile.SUFFIX;
        CheckedRule rule = reader.read(name, content, id, Set.of("team-search"), VOCABULARY);
        assertThat(rule.outline().id()).isEqualTo(id);
        assertThat(RuleFile.isLive(name, content)).isTrue();
        assertThat(Files.readString(file)).startsWith("# ");
      }
    }
  }

  @Test
  void theyAreNoRulesWhereTheyLie() throws IOException {
    assertThat(new RuleFolder(Path.of("routes")).read(Set.of()).keySet())
        .containsExactly(RuleFile.ENTRY);
    assertThat(getClass().getResource("/routes/provider-choice.camel.yaml")).isNotNull();
    assertThat(getClass().getResource("/routes/examples")).isNull();
  }
}
