package io.iir.provider;

import io.iir.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Parses one text of a {@link TargetList} by recursive descent. For one use, by one thread. */
final class TargetParser {

  private static final int DEPTH = 20;
  private static final String WORDS =
      String.join(", ", Stream.of(Selector.values()).map(Selector::word).toList());

  private final String text;
  private int at;

  TargetParser(String text) {
    this.text = text;
  }

  List<Target> parse() {
    List<Target> list = list(0);
    if (at < text.length()) {
      throw expected("',' or the end");
    }
    return list;
  }

  private List<Target> list(int depth) {
    if (depth > DEPTH) {
      throw expected("brackets at most %d deep".formatted(DEPTH));
    }
    List<Target> list = new ArrayList<>();
    do {
      list.add(item(depth));
    } while (accept(','));
    return list;
  }

  private Target item(int depth) {
    skipSpace();
    int start = at;
    boolean quoted = at < text.length() && text.charAt(at) == '"';
    String word = quoted ? quoted() : word();
    skipSpace();
    if (!quoted && accept('(')) {
      Selector selector = selector(word, start);
      List<Target> arguments = list(depth + 1);
      if (!accept(')')) {
        throw expected("',' or ')'");
      }
      return new Target.Selected(selector, arguments);
    }
    return simple(word, start);
  }

  private Target simple(String word, int start) {
    if (word.equals("*")) {
      return new Target.Matching("*");
    }
    if (word.indexOf('/') < 0) {
      return new Target.Selected(selector(word, start), List.of(new Target.Matching("*")));
    }
    int star = word.indexOf('*');
    if (star >= 0 && star < word.length() - 1) {
      at = start + star;
      throw expected("'*' at the end of a name only");
    }
    if (!ModelName.isValid(word)) {
      at = start;
      throw expected("<provider>/<model> with something on both sides");
    }
    if (star >= 0) {
      return new Target.Matching(word);
    }
    int slash = word.indexOf('/');
    return new Target.Named(new ModelName(word.substring(0, slash), word.substring(slash + 1)));
  }

  private Selector selector(String word, int start) {
    Selector selector = Selector.named(word);
    if (selector != null) {
      return selector;
    }
    at = start;
    if (word.isEmpty()) {
      throw expected("<provider>/<model>, <provider>/*, * or one of " + WORDS);
    }
    String nearest =
        NearestName.of(word, Stream.of(Selector.values()).map(Selector::word).toList());
    throw expected(
        "<provider>/<model>, <provider>/*, * or one of %s, not '%s'%s"
            .formatted(
                WORDS,
                Quoted.of(word),
                nearest == null ? "" : "; did you mean '%s'?".formatted(nearest)));
  }

  private String word() {
    int start = at;
    while (at < text.length() && " \t\r\n,()\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    int end = text.indexOf('"', at + 1);
    if (end < 0) {
      throw expected("a closing '\"'");
    }
    String word = text.substring(at + 1, end);
    at = end + 1;
    return word;
  }

  private boolean accept(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(
        "targets '%s', column %d: expected %s".formatted(Quoted.of(text), at + 1, what));
  }
}
