package io.iir.house;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a Javadoc comment as Markdown: code, links, paragraphs.
 *
 * @param text as it stands in the comment
 */
record JavadocText(String text) {

  private static final Pattern CODE = Pattern.compile("\\{@code\\s+((?:[^{}]|\\{[^{}]*\\})*)\\}");
  private static final Pattern LINK = Pattern.compile("\\{@link\\s+([^{}\\s]+)\\s*\\}");
  private static final Pattern ANCHOR = Pattern.compile("<a\\s+href=\"([^\"]+)\"\\s*>(.*?)</a>");
  private static final Pattern WITHOUT = Pattern.compile("(?:^|[;.]\\s+)null:\\s+(.+)$");

  private static final String NOT_FOR_OPERATORS = "Longer than 300 lines because";

  /** The whole of it on one line, without what it says of null. */
  String sentence() {
    String all = markdown(text);
    Matcher without = WITHOUT.matcher(all);
    return without.find() ? all.substring(0, without.start()) : all;
  }

  /** What it says of null, such as {@code none: plain HTTP}; empty where it says nothing. */
  String without() {
    Matcher without = WITHOUT.matcher(markdown(text));
    return without.find() ? without.group(1) : "";
  }

  /** Its paragraphs, but for what is said to developers alone. */
  String paragraphs() {
    return Stream.of(text.split("<p>", -1))
        .map(JavadocText::markdown)
        .filter(paragraph -> !paragraph.isEmpty() && !paragraph.startsWith(NOT_FOR_OPERATORS))
        .collect(Collectors.joining("\n\n"));
  }

  private static String markdown(String javadoc) {
    String line = javadoc.replaceAll("\\s+", " ").strip();
    line = CODE.matcher(line).replaceAll(hit -> Matcher.quoteReplacement(code(hit.group(1))));
    line = LINK.matcher(line).replaceAll(hit -> Matcher.quoteReplacement(code(word(hit.group(1)))));
    line = ANCHOR.matcher(line).replaceAll("[$2]($1)");
    return line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("|", "\\|");
  }

  private static String code(String text) {
    return "`" + text.strip() + "`";
  }

  /** {@code Driver#PROCESS} as an operator writes it. */
  private static String word(String reference) {
    return SettingType.dashed(reference.substring(reference.indexOf('#') + 1));
  }
}
