package io.iir.deploy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions of {@code Dockerfile}, without comments, each on one line.
 *
 * @param instructions all of them, in their order
 */
record Dockerfile(List<String> instructions) {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern ASSIGNED = Pattern.compile("(\\w+)=(\\S+)");

  static Dockerfile read() {
    String text = ComposeFile.text(Path.of("Dockerfile"));
    String joined = text.replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", "");
    return new Dockerfile(joined.lines().filter(line -> !line.isBlank()).toList());
  }

  /** What stands behind the instructions {@code name}. */
  List<String> all(String name) {
    return instructions.stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  /** The words of the last instruction {@code name}, which is in the exec form. */
  List<String> words(String name) {
    return WORD.matcher(all(name).getLast()).results().map(word -> word.group(1)).toList();
  }

  /** The variables that the image sets. */
  Map<String, String> environment() {
    Map<String, String> all = new TreeMap<>();
    for (String line : all("ENV")) {
      Matcher each = ASSIGNED.matcher(line);
      while (each.find()) {
        all.put(each.group(1), each.group(2));
      }
    }
    return all;
  }
}
