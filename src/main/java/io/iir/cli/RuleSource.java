package io.iir.cli;

import io.iir.rules.RuleEdit;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with the text of a rule.
 *
 * @param name the file as messages name it
 * @param edit the rule that it holds
 */
record RuleSource(String name, RuleEdit edit) {

  private static final String SUFFIX = ".camel.yaml";

  /**
   * The rule in the file {@code path}.
   *
   * @throws InvalidRuleException if it is empty, or no text
   */
  static RuleSource read(String path, Shell shell) throws InvalidRuleException {
    String name = Shell.name(path);
    String text = Shell.utf8(shell.read(path));
    if (text == null) {
      throw wrong(name, "the file is not UTF-8 text", "save it as UTF-8");
    }
    if (text.isBlank()) {
      throw wrong(name, "the file is empty", "a rule is a route: docs/ROUTING.md");
    }
    return new RuleSource(name, RuleEdit.of(text));
  }

  private static InvalidRuleException wrong(String name, String message, String hint) {
    return new InvalidRuleException(new Problem(name, 0, 0, message, hint));
  }

  /** What the file would have to be called in a routes folder; null if it is called so. */
  @Nullable String misnamed() {
    if (!name.endsWith(SUFFIX)) {
      return null; // a draft
    }
    return String.valueOf(Path.of(name).getFileName()).equals(edit.file()) ? null : edit.file();
  }

  /** {@code problem} with the name that the file has for who gave it. */
  static Problem named(Problem problem, List<RuleSource> sources) {
    return sources.stream()
        .filter(source -> source.edit().file().equals(problem.file()))
        .findFirst()
        .map(source ->
            new Problem(
                source.name(), problem.line(), problem.column(), problem.message(), problem.hint()))
        .orElse(problem);
  }
}
