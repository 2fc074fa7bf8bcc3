package io.iir.deploy;

import io.iir.house.Markdown;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The variables that {@code docs/CONFIGURATION.md} knows: each setting's, with dashes as
 * underscores or left out, and those that it names.
 */
record SettingVariables(List<Pattern> made, String text) {

  static SettingVariables read() {
    Markdown document = Markdown.read("docs/CONFIGURATION.md");
    List<Pattern> made =
        document.firstCells().stream()
            .filter(name -> name.matches("[a-z][a-z0-9.<>\\[\\]-]*"))
            .map(SettingVariables::pattern)
            .toList();
    return new SettingVariables(made, document.text());
  }

  private static Pattern pattern(String setting) {
    return Pattern.compile(
        setting
            .toUpperCase(Locale.ROOT)
            .replace("-", "_?")
            .replace("[]", "_\\d+")
            .replace(".", "_")
            .replaceAll("<[^>]*>", "[A-Z0-9]+"));
  }

  boolean has(String variable) {
    return made.stream().anyMatch(each -> each.matcher(variable).matches())
        || text.contains("`" + variable + "`");
  }
}
