package io.iir.rules.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.iir.rules.language.Fact;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What reaches more than a request never passes, however it is dressed. The seed is fixed. */
class SimpleFuzzTest {

  private static final int ROUNDS = 60_000;

  private static final List<String> DANGEROUS =
      List.of(
          "camelContext",
          "camelContext.stop",
          "camelContext.getClassResolver",
          "type:java.lang.Runtime",
          "bean:type:java.lang.Runtime",
          "bean:desk::close",
          "bean:desk?method=close",
          "bean:desk.close",
          "bean:desk.close()",
          "env.HOME",
          "env:HOME",
          "sys.user.dir",
          "sysenv.HOME",
          "ref:desk",
          "properties:a",
          "exchange",
          "exchange.context",
          "body",
          "bodyAs(String)",
          "headers",
          "in.headers",
          "date:now:yyyy",
          "file:name",
          "variableAs(a,b)",
          "variable.model.class",
          "variable.tags[0].class",
          "header.cookie",
          "exchangeProperty.a",
          "groovy(1)",
          "pretty(a)",
          "hash(a)",
          "variables",
          "variable:team");

  private static final List<String> PIECES =
      List.of(
          "${variable.team}",
          "${variable.hour}",
          "${variable.stream}",
          "${header.x-region}",
          "${random(9)}",
          "${bean:desk.open('a')}",
          "${bean:desk.open(${variable.team})}",
          "'a'",
          "\"a\"",
          "5",
          "-0.5",
          "true",
          "null",
          " ",
          " ",
          " ",
          "  ",
          "\n",
          "\t",
          "==",
          "!=",
          "<",
          ">=",
          "contains",
          "in",
          "not in",
          "range",
          "'1..2'",
          "regex",
          "starts with",
          "&&",
          "||",
          "${",
          "}",
          "{",
          "$",
          "$simple{",
          "\\",
          "\\}",
          "'",
          "\"",
          "(",
          ")",
          ",",
          "++",
          "--",
          "!",
          "resource:",
          "{{a}}",
          "variable.",
          "bean:",
          "camelContext",
          "is",
          "'java.lang.String'");

  private static final Pattern ALLOWED =
      Pattern.compile(
          "\\$\\{(variable\\.(team|hour|stream)|header\\.x-region|random\\(9\\)"
              + "|bean:desk\\.open(\\([^{}$\\\\]*\\))?)}");

  private final Random random = new Random(20261127);
  private boolean faulty;

  private boolean passes(String text, Reading reading) {
    faulty = false;
    try {
      reading.read(
          text,
          RuleTexts.VOCABULARY,
          new SimpleScanner.Findings() {
            @Override
            public void fault(int at, String message, @Nullable String hint) {
              faulty = true;
            }

            @Override
            public void reads(Fact fact) {}

            @Override
            public void readsHeader(String name) {}
          });
    } catch (SimpleFault e) {
      return false;
    }
    return !faulty;
  }

  private interface Reading {
    void read(String text, Vocabulary vocabulary, SimpleScanner.Findings findings)
        throws SimpleFault;
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  @Test
  void noDangerousFunctionPasses() {
    for (int round = 0; round < ROUNDS; round++) {
      String function = dressed(pick(DANGEROUS));
      String condition =
          switch (random.nextInt(5)) {
            case 0 -> function + " == 'a'";
            case 1 -> "${variable.team} == " + function;
            case 2 -> "${variable.team} == 'a" + function + "'";
            case 3 -> "${variable.stream} && " + function + " == null";
            default -> function;
          };
      assertThat(passes(condition, SimpleCondition::read)).as(condition).isFalse();
      String template = "a " + function + " b";
      assertThat(passes(template, SimpleTemplate::read)).as(template).isFalse();
    }
  }

  private String dressed(String dangerous) {
    String body = random.nextInt(4) == 0 ? anyCase(dangerous) : dangerous;
    if (random.nextInt(3) == 0) {
      int at = random.nextInt(body.length() + 1);
      body =
          body.substring(0, at)
              + pick(List.of(" ", "\n", "\t", "\r", "\\n", "\\", "\u00a0", "\u200b", "\0"))
              + body.substring(at);
    }
    return switch (random.nextInt(9)) {
      case 0 -> "$simple{" + body + "}";
      case 1 -> "${variable.${" + body + "}}";
      case 2 -> "${bean:desk.open(${" + body + "})}";
      case 3 -> "${bean:desk.open('${" + body + "}')}";
      case 4 -> "${variable.team${" + body + "}}";
      case 5 -> "${ " + body + "}";
      case 6 -> "${" + body + "\\}}";
      case 7 -> "${header.x-region}${" + body + "}";
      default -> "${" + body + "}";
    };
  }

  private String anyCase(String text) {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
    }
    return mixed.toString();
  }

  @Test
  void whatPassesHoldsOnlyListedFunctionsAndCamelReadsItToo() throws Exception {
    RuleTexts.Desk desk = new RuleTexts.Desk(new AtomicInteger());
    int passed = 0;
    try (DefaultCamelContext context = RuleContexts.forParsing(Map.of("desk", desk))) {
      Language simple = context.resolveLanguage("simple");
      for (int round = 0; round < ROUNDS; round++) {
        String text = pieces();
        if (passes(text, SimpleCondition::read)) {
          passed++;
          assertThat(onlyListed(text)).as(text).isTrue();
          assertThatCode(() -> simple.createPredicate(text)).as(text).doesNotThrowAnyException();
        }
        if (passes(text, SimpleTemplate::read)) {
          assertThat(onlyListed(text)).as(text).isTrue();
          assertThatCode(() -> simple.createExpression(text)).as(text).doesNotThrowAnyException();
        }
      }
    }
    assertThat(passed).isGreaterThan(100);
  }

  private String pieces() {
    StringBuilder text = new StringBuilder();
    if (random.nextInt(3) > 0) {
      text.append(pick(PIECES.subList(0, 7)));
      for (int i = random.nextInt(2); i >= 0; i--) {
        text.append(' ').append(pick(PIECES)).append(' ').append(pick(PIECES));
      }
      return text.toString();
    }
    for (int i = random.nextInt(7); i >= 0; i--) {
      text.append(pick(PIECES));
    }
    return text.toString();
  }

  /** Seen in another way than the scanner does: take away what is listed, from the inside out. */
  private static boolean onlyListed(String text) {
    String rest = text;
    String before;
    do {
      before = rest;
      rest = ALLOWED.matcher(rest).replaceAll("_");
    } while (!rest.equals(before));
    return !rest.contains("{") && !rest.contains("}");
  }

  @Test
  void whatTheAllowListRefusedIsNeverEvaluated() throws Exception {
    try (RuleTexts texts = new RuleTexts()) {
      for (String condition :
          List.of(
              "${bean:desk.open('a')} && ${camelContext.stop} == null",
              "${camelContext.stop} == null",
              "${bean:desk.open('a')} == ${bean:desk.close()}",
              "${bean:desk.open('a')} && ${variable.hour} < 7 || ${variable.stream}")) {
        String text = RuleTexts.deciding(condition);
        assertThat(catchThrowable(() -> texts.read(text)))
            .as(condition)
            .isInstanceOf(InvalidRuleException.class);
        assertThat(texts.calls).as(condition).hasValue(0);
      }
      texts.read(RuleTexts.shipped());
      texts.read(RuleTexts.deciding("${bean:desk.open('a')}"));
      assertThat(texts.calls).hasPositiveValue();
    }
  }
}
