package io.iir.provider;

import io.iir.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads conditions such as {@code quality >= 0.7}, {@code tools} and {@code !local}. */
final class ConditionParser {

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?)([kKmM]?)");
  private static final List<String> NUMBERS =
      Stream.of(NumberProperty.values()).map(NumberProperty::word).toList();
  private static final List<String> FLAGS = Stream.of(Flag.values()).map(Flag::word).toList();

  private final TargetScanner in;

  ConditionParser(TargetScanner in) {
    this.in = in;
  }

  /** The property that {@code word} begins with or, with {@code !}, denies; null: none. */
  static @Nullable String propertyIn(String word) {
    String name = word.replaceFirst("^!", "").replaceFirst("[<>=!].*", "");
    return NumberProperty.named(name) != null || Flag.named(name) != null ? name : null;
  }

  /** A condition on that property. */
  static String example(String property) {
    NumberProperty number = NumberProperty.named(property);
    return number == null
        ? property
        : property
            + switch (number.unit()) {
              case SHARE -> " >= 0.7";
              case USD -> " <= 2.5";
              case TOKENS -> " >= 128k";
            };
  }

  /** The condition that comes next, or null where something else does. */
  @Nullable Condition next() {
    in.skipSpace();
    int start = in.at();
    if (in.accept('!')) {
      return lacks();
    }
    if (in.word().indexOf('/') >= 0) {
      in.goTo(start);
      return null; // a name, whatever else is in it
    }
    in.goTo(start);
    String word = in.letters();
    NumberProperty number = NumberProperty.named(word);
    if (number != null) {
      return compared(number);
    }
    Flag flag = Flag.named(word);
    Operator operator = in.operator();
    if (operator != null) {
      throw flag == null ? unknown(word, start, NUMBERS) : noNumber(flag, start);
    }
    if (flag != null && Flag.PLAIN.contains(flag)) {
      return new Condition.Has(flag);
    }
    if (Selector.named(word) == null && !word.isEmpty()) {
      List<String> all = new ArrayList<>(Selector.WORDS);
      all.addAll(NUMBERS);
      all.addAll(FLAGS);
      throw unknown(word, start, all);
    }
    in.goTo(start);
    return null;
  }

  private Condition lacks() {
    in.skipSpace();
    int start = in.at();
    String word = in.letters();
    Flag flag = Flag.named(word);
    if (flag == null) {
      throw NumberProperty.named(word) == null
          ? unknown(word, start, FLAGS)
          : in.wrong(
              start,
              "'%s' is a number, which '!' cannot deny".formatted(word),
              "such as " + example(word));
    }
    return new Condition.Lacks(flag);
  }

  private Condition compared(NumberProperty property) {
    in.skipSpace();
    int start = in.at();
    Operator operator = in.operator();
    if (operator == null) {
      in.goTo(start);
      throw in.expected(
          "one of %s behind '%s'".formatted(String.join(" ", Operator.SIGNS), property.word()),
          "such as " + example(property.word()));
    }
    in.skipSpace();
    int at = in.at();
    if (in.isNext('=') || in.isNext('<') || in.isNext('>')) {
      throw in.wrong(
          start, "there is no such comparison", "write one of " + String.join(" ", Operator.SIGNS));
    }
    String written = in.word();
    return new Condition.Compared(property, operator, value(property, written, at), written);
  }

  private double value(NumberProperty property, String written, int at) {
    Matcher number = NUMBER.matcher(written);
    if (!number.matches()) {
      throw in.wrong(
          at,
          written.isEmpty()
              ? "expected a number behind '%s'".formatted(property.word())
              : "'%s' is no number".formatted(Quoted.of(written)),
          "such as " + example(property.word()));
    }
    double value = Double.parseDouble(number.group(1));
    String suffix = number.group(2);
    if (!suffix.isEmpty() && property.unit() != NumberProperty.Unit.TOKENS) {
      throw in.wrong(
          at,
          "'%s' is not counted in thousands or millions".formatted(property.word()),
          "such as " + example(property.word()));
    }
    if (property == NumberProperty.QUALITY && value > 1) {
      throw in.wrong(
          at,
          "quality goes from 0 to 1",
          value <= 100 ? "did you mean %s?".formatted(value / 100) : null);
    }
    return switch (suffix) {
      case "k", "K" -> value * 1e3;
      case "m", "M" -> value * 1e6;
      default -> value;
    };
  }

  private TargetSyntaxException noNumber(Flag flag, int start) {
    return in.wrong(
        start,
        "'%s' is no number: a model has it or not".formatted(flag.word()),
        "write %s or !%s".formatted(flag.word(), flag.word()));
  }

  private TargetSyntaxException unknown(String word, int start, List<String> words) {
    String nearest = word.isEmpty() ? null : NearestName.of(word, words);
    return in.wrong(
        start,
        word.isEmpty()
            ? "expected a property"
            : "there is no property%s '%s'"
                .formatted(
                    words.size() > NUMBERS.size() + FLAGS.size() ? ", set or selector" : "",
                    Quoted.of(word)),
        nearest == null
            ? "write one of " + String.join(", ", words)
            : "did you mean '%s'?".formatted(nearest));
  }
}
