package io.iir.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of commands in a document.
 *
 * @param line where it begins, counted from 1
 * @param language what the fence says: {@code sh}, {@code python}
 * @param text what is in it
 * @param notRun why no test runs it, as the comment before it says; null: one does
 */
record CodeBlock(int line, String language, String text, @Nullable String notRun) {

  private static final Pattern FENCED =
      Pattern.compile(
          "(?:^<!-- not run by the tests: ([^\\n]+) -->\\n)?^```(\\w+)\\n(.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  /** What a line prints: {@code curl … # prints …"status":"ok"…}, with gaps. */
  private static final Pattern PRINTS = Pattern.compile("# prints (.+)$", Pattern.MULTILINE);

  /** All of a document in a language, in their order. */
  static List<CodeBlock> of(String document, String language) {
    return FENCED
        .matcher(document)
        .results()
        .filter(hit -> hit.group(2).equals(language))
        .map(hit -> new CodeBlock(line(document, hit), language, hit.group(3), hit.group(1)))
        .toList();
  }

  private static int line(String document, MatchResult hit) {
    return (int) document.substring(0, hit.start(2)).lines().count(); // the fence is on its line
  }

  /** What it says that it prints: pieces between which there may be anything. */
  List<String> prints() {
    List<String> pieces = new ArrayList<>();
    Matcher said = PRINTS.matcher(text);
    while (said.find()) {
      for (String piece : said.group(1).strip().split("…", -1)) {
        if (!piece.isBlank()) {
          pieces.add(piece.strip());
        }
      }
    }
    return pieces;
  }

  /** The first piece that {@code output} has not, or not behind the others; null: it has all. */
  @Nullable String missingFrom(String output) {
    int from = 0;
    for (String piece : prints()) {
      int at = output.indexOf(piece, from);
      if (at < 0) {
        return piece;
      }
      from = at + piece.length();
    }
    return null;
  }
}
