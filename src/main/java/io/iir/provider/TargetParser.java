package io.iir.provider;

import io.iir.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses one text of a {@link TargetList} by recursive descent. For one use, by one thread. */
final class TargetParser {

  private static final int DEPTH = 20;
  private static final String SETS =
      "<provider>/<model>, <provider>/*, * or one of " + String.join(", ", Selector.WORDS);

  private final TargetScanner in;
  private final ConditionParser conditions;
  private final List<NamedAt> names = new ArrayList<>();

  TargetParser(String text) {
    this.in = new TargetScanner(text);
    this.conditions = new ConditionParser(in);
  }

  List<Target> parse() {
    List<Target> list = new ArrayList<>();
    do {
      list.add(item(0));
    } while (in.accept(','));
    if (!in.isAtEnd()) {
      throw in.expected("',' or the end", null);
    }
    return list;
  }

  /** The models that the parsed text names, in order. */
  List<NamedAt> names() {
    return names;
  }

  private Target item(int depth) {
    in.skipSpace();
    int start = in.at();
    if (in.isNext('"')) {
      return name(in.quoted(), start);
    }
    String word = in.word();
    if (word.equals("*") || word.indexOf('/') >= 0) {
      return name(word, start);
    }
    Selector selector = selector(word, start);
    if (!in.accept('(')) {
      if (selector == Selector.WEIGHTED) {
        throw in.expected("'(' behind weighted", ShareParser.EXAMPLE);
      }
      return new Target.Selected(selector, List.of(), List.of());
    }
    if (depth == DEPTH) {
      throw in.expected("brackets at most %d deep".formatted(DEPTH), null);
    }
    Target target =
        selector == Selector.WEIGHTED
            ? new Target.Weighted(new ShareParser(in, this::name).shares())
            : selected(selector, depth + 1);
    if (!in.accept(')')) {
      throw in.expected("',' or ')'", null);
    }
    return target;
  }

  private Target selected(Selector selector, int depth) {
    in.skipSpace();
    if (in.isNext(')')) {
      throw in.expected(
          "a model, a set or a condition in the brackets",
          "leave them out for all models: " + selector.word());
    }
    List<Target> items = new ArrayList<>();
    List<Condition> met = new ArrayList<>();
    do {
      Condition condition = conditions.next();
      if (condition == null) {
        items.add(item(depth));
      } else {
        met.add(condition);
      }
    } while (in.accept(','));
    return new Target.Selected(selector, items, met);
  }

  private Target name(String word, int start) {
    if (word.equals("*")) {
      return new Target.Matching(ModelPattern.ALL);
    }
    int star = word.indexOf('*');
    if (star >= 0 && star < word.length() - 1) {
      throw in.wrong(
          start + star,
          "expected '*' at the end of a name only",
          "such as openai/* or openai/gpt-*");
    }
    if (!ModelName.isValid(word)) {
      throw in.wrong(
          start,
          "expected <provider>/<model> with something on both sides",
          "such as openai/gpt-4o");
    }
    if (star >= 0) {
      return new Target.Matching(new ModelPattern(word));
    }
    int slash = word.indexOf('/');
    ModelName name = new ModelName(word.substring(0, slash), word.substring(slash + 1));
    NamedAt named = new NamedAt(name, start + 1);
    names.add(named);
    return new Target.Named(named);
  }

  private Selector selector(String word, int start) {
    Selector selector = Selector.named(word);
    if (selector != null) {
      return selector;
    }
    if (word.isEmpty()) {
      throw in.wrong(start, "expected a model or a set", "write " + SETS);
    }
    String property = ConditionParser.propertyIn(word);
    if (property != null) {
      throw in.wrong(
          start,
          "'%s' is a condition, which stands in the brackets of a selector".formatted(property),
          "such as cheapest(%s)".formatted(ConditionParser.example(property)));
    }
    throw in.wrong(
        start, "there is no set or selector '%s'".formatted(Quoted.of(word)), nearest(word));
  }

  private static String nearest(String word) {
    List<String> words = new ArrayList<>(Selector.WORDS);
    @Nullable String nearest = NearestName.of(word, words);
    return nearest == null ? "write " + SETS : "did you mean '%s'?".formatted(nearest);
  }
}
