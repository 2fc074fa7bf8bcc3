package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.rules.check.RuleReader;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Knob;
import io.iir.rules.language.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator's manual says what there is, and what it shows works. */
class RoutingDocTest {

  private static final Markdown ROUTING = Markdown.read("docs/ROUTING.md");
  private static final Pattern SNIPPET =
      Pattern.compile("^```yaml\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Vocabulary VOCABULARY =
      new Vocabulary(Set.of("user-agent", "x-priority", "x-tenant"), Map.of(), name -> null);

  /** Where steps go that are no whole rule. */
  private static final String RULE =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
      STEPS
              - setVariable: {name: targets, constant: any}
      """;

  /** Where cases go that are no step. */
  private static final String CHOICE =
      """
              - choice:
                  when:
      STEPS
                  otherwise:
                    steps: [{setVariable: {name: targets, constant: any}}]
      """;

  @Test
  void factsAreDocumented() {
    assertThat(ROUTING.section("What can be asked").firstCells())
        .containsExactlyElementsOf(Arrays.stream(Fact.values()).map(Fact::word).toList());
  }

  @Test
  void knobsAreDocumented() {
    assertThat(ROUTING.section("What can be set").firstCells())
        .containsExactlyElementsOf(Arrays.stream(Knob.values()).map(Knob::word).toList());
  }

  @Test
  void recipesAreDocumented() throws IOException {
    String cookbook = ROUTING.section("Cookbook").text();
    try (Stream<Path> files = Files.walk(Path.of("routes/examples"))) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .allSatisfy(file -> assertThat(cookbook).contains("(../" + file + ")"));
    }
  }

  static List<String> conditions() {
    return ROUTING.section("What can be asked").rows().stream().map(List::getLast).toList();
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void anExampleOfAFactIsACondition(String condition) throws Exception {
    read(
        "- simple: \"%s\"\n  steps: [{setVariable: {name: targets, constant: any}}]\n"
            .formatted(condition));
  }

  static List<String> snippets() {
    return SNIPPET
        .matcher(ROUTING.text())
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void aSnippetPassesTheGates(String snippet) throws Exception {
    read(snippet);
  }

  private static String within(String frame, String steps) {
    return frame.replaceFirst(" *STEPS\n", Matcher.quoteReplacement(steps));
  }

  /** Reads a rule, cases of a choice, or steps. */
  private static void read(String snippet) throws Exception {
    String rule = snippet;
    if (snippet.startsWith("- simple:")) {
      rule = within(RULE, within(CHOICE, snippet.indent(16)));
    } else if (!snippet.startsWith("- route:")) {
      rule = within(RULE, snippet.indent(8));
    }
    try (RuleReader reader = new RuleReader(Map.of())) {
      reader.read(
          "provider-choice.camel.yaml",
          rule.getBytes(StandardCharsets.UTF_8),
          "provider-choice",
          Set.of("team-search"),
          VOCABULARY);
    }
  }
}
