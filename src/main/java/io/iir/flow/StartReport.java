package io.iir.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What there is to say when the gateway is up, as a block for people or a line for a log. Holds no
 * secret. Immutable.
 *
 * @param version the gateway's
 * @param url where clients call it
 * @param facts what it has found and uses, each a word and a text, in their order
 * @param warnings what its operator should know or change, each a sentence
 */
record StartReport(
    String version, String url, List<Map.Entry<String, String>> facts, List<String> warnings) {

  private static final String NAME = "Intelligent Inference Router";

  StartReport {
    facts = List.copyOf(facts);
    warnings = List.copyOf(warnings);
  }

  /** The block: a line for each fact, then one for each warning. */
  List<String> block() {
    List<String> lines = new ArrayList<>();
    lines.add("  %s %s listens on %s".formatted(NAME, version, url));
    int width = facts.stream().mapToInt(fact -> fact.getKey().length()).max().orElse(0);
    for (Map.Entry<String, String> fact : facts) {
      lines.add("    %s  %s".formatted(padded(fact.getKey(), width), fact.getValue()));
    }
    if (!warnings.isEmpty()) {
      lines.add("");
      warnings.forEach(warning -> lines.add("  WARNING: " + warning));
    }
    return lines;
  }

  private static String padded(String word, int width) {
    return word + " ".repeat(width - word.length());
  }

  /** The facts in one line. */
  String line() {
    StringBuilder line = new StringBuilder("%s %s listens on %s".formatted(NAME, version, url));
    facts.forEach(fact ->
        line.append("; ")
            .append(fact.getKey().toLowerCase(Locale.ROOT))
            .append(": ")
            .append(fact.getValue()));
    return line.toString();
  }
}
