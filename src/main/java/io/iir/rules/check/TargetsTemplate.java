package io.iir.rules.check;

import io.iir.provider.TargetList;
import io.iir.provider.TargetSyntaxException;
import io.iir.rules.language.BadValueException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A text for {@code targets} with facts in it. Clients choose some of the facts: so each must be
 * (part of) the name of a model, and nothing that is put in may end that name or make it a word of
 * the language of targets.
 */
final class TargetsTemplate implements Expression {

  /** The client's own model, which is taken as it stands and never parsed. */
  private static final String NAMED = "${variable.provider}/${variable.model}";

  private static final Pattern HOLE =
      Pattern.compile("\\$\\{variable\\.(provider|model|team|key|category|language)}");

  /** Stands for a fact where the text is parsed without a request. */
  private static final String ANY_NAME = "x/x";

  private final String text;
  private final Set<String> facts = new LinkedHashSet<>();
  private final int names;
  private volatile @Nullable Expression compiled;

  /** What {@code text}, in which {@link #check} found no fault, gives. */
  TargetsTemplate(String text) {
    this.text = text.strip();
    HOLE.matcher(text).results().map(hole -> hole.group(1)).forEach(facts::add);
    this.names = isNamed(text) ? 0 : TargetList.parse(skeleton(text)).names().size();
  }

  private static boolean isNamed(String text) {
    return text.strip().equals(NAMED);
  }

  private static String skeleton(String text) {
    return HOLE.matcher(text).replaceAll(ANY_NAME);
  }

  /** What is wrong with {@code text}; null if nothing is. */
  static @Nullable SimpleFault check(String text) {
    if (isNamed(text)) {
      return null;
    }
    Matcher hole = HOLE.matcher(text);
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      if (!hole.find(at) || hole.start() != at) {
        return new SimpleFault(
            at,
            "this may not be put into targets",
            "allowed: ${variable.…} of provider, model, team, key, category, language");
      }
    }
    try {
      TargetList.parse(skeleton(text));
      return null;
    } catch (TargetSyntaxException e) {
      return new SimpleFault(
          0, "targets: " + e.getMessage(), "${...} stands for (part of) the name of a model");
    }
  }

  @Override
  public void init(CamelContext context) {
    Expression expression = context.resolveLanguage(ExpressionPolicy.SIMPLE).createExpression(text);
    expression.init(context);
    compiled = expression;
  }

  @Override
  public <T> T evaluate(Exchange exchange, Class<T> type) {
    Expression ready = Objects.requireNonNull(compiled, "not initialised");
    if (!isNamed(text)) {
      facts.forEach(fact -> refuseUnlessOneWord(fact, exchange.getVariable(fact)));
      String targets = ready.evaluate(exchange, String.class);
      if (TargetList.parse(targets == null ? "" : targets).names().size() != names) {
        throw new BadValueException("'%s' is no name of a model everywhere".formatted(targets));
      }
    }
    return ready.evaluate(exchange, type);
  }

  private static void refuseUnlessOneWord(String fact, @Nullable Object value) {
    String word = value == null ? "" : value.toString();
    if (word.isEmpty() || word.chars().anyMatch(TargetsTemplate::endsNames)) {
      throw new BadValueException(
          "${variable.%s} is '%s', which cannot be part of a name in targets"
              .formatted(fact, word));
    }
  }

  private static boolean endsNames(int c) {
    return Character.isWhitespace(c) || Character.isISOControl(c) || ",()\"*".indexOf(c) >= 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
