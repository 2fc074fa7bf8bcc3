package io.iir.classify;

import io.iir.classify.Lexicon.Line;
import io.iir.classify.Lexicon.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads cue files; their format is written at the top of {@code classify/cues.txt}. A line that it
 * does not understand ends the reading with an {@link IllegalArgumentException} that names file and
 * line. Not thread-safe.
 */
final class LexiconReader {

  private final Trie.Builder trie = new Trie.Builder();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, List<String>> groups = new HashMap<>();
  private final Map<String, Integer> parts = new LinkedHashMap<>();
  private final Map<Integer, List<Integer>> gaps = new HashMap<>();
  private final Map<Sign, List<Integer>> signs = new HashMap<>();
  private final List<String> languages = new ArrayList<>();
  private final StringBuilder even = new StringBuilder();
  private String at = "";

  LexiconReader readCues(String resource) {
    eachLine(resource, open(resource), this::cueLine);
    return this;
  }

  LexiconReader readLanguages(String resource) {
    eachLine(resource, open(resource), this::languageLine);
    return this;
  }

  /** Reads cues from a text instead of a resource. */
  LexiconReader readCues(String name, String text) {
    eachLine(name, new BufferedReader(new StringReader(text)), this::cueLine);
    return this;
  }

  Lexicon lexicon() {
    int[][] gapsByCloser = new int[parts.size()][0];
    boolean[] openers = new boolean[parts.size()];
    gaps.forEach((closer, pairs) -> {
      gapsByCloser[closer] = pairs.stream().mapToInt(Integer::intValue).toArray();
      for (int i = 0; i < pairs.size(); i += 2) {
        openers[pairs.get(i)] = true;
      }
    });
    Map<Sign, int[]> signLines = new EnumMap<>(Sign.class);
    signs.forEach(
        (sign, of) -> signLines.put(sign, of.stream().mapToInt(Integer::intValue).toArray()));
    return new Lexicon(
        trie.build(), List.copyOf(lines), gapsByCloser, openers, signLines, List.copyOf(languages));
  }

  private static BufferedReader open(String resource) {
    InputStream stream = LexiconReader.class.getClassLoader().getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalArgumentException(resource + " is not on the class path");
    }
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  private void eachLine(String name, BufferedReader source, Consumer<String> reader) {
    try (source) {
      int number = 0;
      StringBuilder whole = new StringBuilder();
      for (String line = source.readLine(); line != null; line = source.readLine()) {
        number++;
        boolean continues = line.startsWith(" ");
        if (!continues) {
          finish(whole, reader);
          at = name + ":" + number;
        }
        if (!line.isBlank() && line.charAt(0) != '#') {
          check(!continues || !whole.isEmpty(), "nothing to continue");
          whole.append(line);
        }
      }
      finish(whole, reader);
    } catch (IOException e) {
      throw new UncheckedIOException(at, e);
    }
  }

  private static void finish(StringBuilder whole, Consumer<String> reader) {
    if (!whole.isEmpty()) {
      reader.accept(whole.toString());
      whole.setLength(0);
    }
  }

  private void cueLine(String line) {
    if (line.charAt(0) == '@') {
      int equals = line.indexOf('=');
      check(equals > 0, "a group is '@name = word | word'");
      String name = line.substring(0, equals).strip();
      check(
          name.length() > 1 && name.chars().skip(1).allMatch(c -> inName((char) c)),
          "'" + name + "' is not a group's name");
      check(
          groups.put(name, alternatives(line.substring(equals + 1))) == null,
          name + " is defined twice");
      return;
    }
    int colon = line.indexOf(':');
    check(colon > 0, "a line is 'category weight place: cue | cue'");
    String[] head = line.substring(0, colon).strip().split("\\s+", -1);
    List<String> cues = alternatives(line.substring(colon + 1));
    switch (head[0]) {
      case "polite" -> cues.forEach(cue -> add(cue, Meaning.of(Meaning.POLITE, 0)));
      case "count" -> count(head, cues);
      default -> weighted(head, cues);
    }
  }

  private void languageLine(String line) {
    int colon = line.indexOf(':');
    check(colon == 2, "a line is 'xx: word | word' with the ISO 639-1 code of a language");
    int index = languages.size();
    languages.add(line.substring(0, colon));
    alternatives(line.substring(colon + 1))
        .forEach(word -> add(word, Meaning.of(Meaning.LANGUAGE, index)));
  }

  private void count(String[] head, List<String> cues) {
    check(
        head.length == 2 || (head.length == 3 && head[2].equals("start")), "'count name [start]:'");
    int kind = head.length == 2 ? Meaning.COUNT : Meaning.COUNT_AT_START;
    Count count = named(List.of(Count.values()), Count::wireName, head[1], "count");
    cues.forEach(cue -> add(cue, Meaning.of(kind, count.slot())));
  }

  private void weighted(String[] head, List<String> cues) {
    check(head.length == 3, "a line is 'category weight place: cue | cue'");
    Category category = named(Category.OF_TEXT, Category::wireName, head[0], "category");
    boolean isSign = head[2].equals("sign");
    Place place =
        isSign
            ? Place.ANY
            : named(
                List.of(Place.values()), p -> p.name().toLowerCase(Locale.ROOT), head[2], "place");
    int line = lines.size();
    int number = Integer.parseInt(at.substring(at.lastIndexOf(':') + 1));
    lines.add(new Line(Category.OF_TEXT.indexOf(category), weight(head[1]), place, number));
    for (String cue : cues) {
      if (isSign) {
        check(cue.charAt(0) == '%', "a sign begins with %: '" + cue + "'");
        Sign sign = named(List.of(Sign.values()), Sign::wireName, cue.substring(1), "sign");
        signs.computeIfAbsent(sign, s -> new ArrayList<>()).add(line);
      } else {
        cue(cue, line);
      }
    }
  }

  private void cue(String cue, int line) {
    int gap = cue.indexOf(" ~ ");
    if (gap < 0) {
      add(cue, Meaning.of(Meaning.LINE, line));
      return;
    }
    int opener = part(cue.substring(0, gap).strip());
    int closer = part(cue.substring(gap + 3).strip());
    gaps.computeIfAbsent(closer, c -> new ArrayList<>()).addAll(List.of(opener, line));
  }

  private int part(String side) {
    Integer known = parts.get(side);
    if (known != null) {
      return known;
    }
    int index = parts.size();
    parts.put(side, index);
    add(side, Meaning.of(Meaning.PART, index));
    return index;
  }

  private double weight(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw bad("'" + text + "' is not a weight");
    }
  }

  private void add(String cue, int meaning) {
    int at = cue.indexOf('@');
    if (at < 0) {
      addPhrase(cue, meaning);
      return;
    }
    int end = at + 1;
    while (end < cue.length() && inName(cue.charAt(end))) {
      end++;
    }
    List<String> words = groups.get(cue.substring(at, end));
    if (words == null) {
      throw bad("unknown group " + cue.substring(at, end));
    }
    String before = cue.substring(0, at);
    String after = cue.substring(end);
    for (String word : words) {
      add(before + word + after, meaning);
    }
  }

  private static boolean inName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }

  private void addPhrase(String phrase, int meaning) {
    int length = phrase.length();
    boolean prefix =
        length > 1 && phrase.charAt(length - 1) == '*' && phrase.charAt(length - 2) != '\\';
    even.setLength(0);
    for (int i = 0; i < length - (prefix ? 1 : 0); i++) {
      char c = phrase.charAt(i);
      if (c == '\\' && i + 1 < length) {
        even.append(phrase.charAt(++i));
      } else if (c == '#') {
        even.append(Excerpt.NUMBER);
      } else if (Letters.counts(c)) {
        even.append(Letters.even(c));
      }
    }
    put(prefix, meaning);
    if (!prefix && Meaning.kind(meaning) != Meaning.LANGUAGE && Letters.plain(even)) {
      put(false, meaning);
    }
  }

  private void put(boolean prefix, int meaning) {
    if (prefix) {
      trie.addPrefix(even, meaning);
    } else {
      trie.addPhrase(even, meaning);
    }
  }

  private List<String> alternatives(String text) {
    List<String> words = new ArrayList<>();
    for (int from = 0; from <= text.length(); ) {
      int bar = text.indexOf('|', from);
      int to = bar < 0 ? text.length() : bar;
      String word = text.substring(from, to).strip();
      check(!word.isEmpty(), "an empty cue");
      words.add(word);
      from = to + 1;
    }
    return words;
  }

  private <T> T named(List<T> known, Function<T, String> name, String text, String what) {
    for (T value : known) {
      if (name.apply(value).equals(text)) {
        return value;
      }
    }
    throw bad("unknown " + what + " '" + text + "'");
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw bad(message);
    }
  }

  private IllegalArgumentException bad(String message) {
    return new IllegalArgumentException(at + ": " + message);
  }
}
