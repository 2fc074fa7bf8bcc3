package io.iir.rules.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.iir.rules.language.Fact;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Outline;
import io.iir.rules.language.Outline.Branch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleReaderTest {

  private static final RuleTexts TEXTS = new RuleTexts();

  @AfterAll
  static void close() {
    TEXTS.close();
  }

  @Test
  void theShippedRuleIsLetIn() throws InvalidRuleException {
    Outline outline = TEXTS.read(RuleTexts.shipped()).outline();
    assertThat(outline.id()).isEqualTo("provider-choice");
    assertThat(outline.reads())
        .containsExactlyInAnyOrder(
            Fact.STRATEGY, Fact.CATEGORY, Fact.COMPLEXITY, Fact.PROVIDER, Fact.MODEL);
    assertThat(outline.branches())
        .extracting(Branch::id)
        .containsExactly(
            "provider-choice.named",
            "provider-choice.local-only",
            "provider-choice.quality-first",
            "provider-choice.demanding",
            "provider-choice.otherwise");
    assertThat(outline.branches().getFirst().description())
        .isEqualTo("the client named a model and gets that one");
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsAreFine() throws InvalidRuleException {
    String windows = "\uFEFF" + RuleTexts.shipped().replace("\n", "\r\n");
    assertThat(TEXTS.read(windows).outline()).isEqualTo(TEXTS.read(RuleTexts.shipped()).outline());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"${variable.category} == 'coding'\"",
        "${variable.category} == 'coding'",
        "'${variable.category} == \"coding\"'",
        "{expression: \"${variable.category} == 'coding'\"}",
        ">-\n            ${variable.category} == 'coding'\n            && ${variable.hour} < 7",
        "${variable.category} == 'coding' && ${variable.promptTokens} < 4000",
        "${variable.team} in 'search,ads,batch'",
        "${variable.team} == null",
        "${variable.budgetLeft} <= -1.5",
        "${variable.stream}",
        "${variable.stream} && ${variable.hasTools} == false",
        "${header.x-priority} == 'high'",
        "${header.X-Priority} == 'high'",
        "${variable.hour} range '9..17'",
        "${variable.localLoaded} contains 'llama3.1:8b'",
        "${variable.tags} not contains 'tier=gold'",
        "${variable.dice} < 10",
        "${random(100)} < 10",
        "${random(1,7)} == 6",
        "${variable.model} starts with 'gpt-4'",
        "${variable.model} startsWith 'gpt-4' || ${variable.model} ends with '-mini'",
        "${variable.model} regex '^gpt-\\d.*$'",
        "${variable.model} !~~ 'GPT'",
        "${variable.weekday} in 'SATURDAY,SUNDAY' || ${variable.hour} < 7",
        "${variable.weekday} =~ 'sunday'",
        "${variable.category} not in 'coding,math'",
        "${variable.promptTokens} > ${variable.maxTokens}",
        "${variable.model} == '${variable.provider}'",
        "${variable.team} == 'it is a || b && c'",
        "${bean:desk.open('reading room')}",
        "${bean:desk.open(${variable.model})} == true",
      })
  void aConditionIsLetIn(String condition) throws InvalidRuleException {
    CheckedRule rule = TEXTS.read(RuleTexts.deciding(condition));
    assertThat(rule.outline().branches()).hasSize(2).extracting(Branch::id).startsWith("line-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- setVariable: {name: targets, constant: 'groq/llama-3.1-8b, local'}",
        "- setVariable: {name: targets, constant: {expression: any}}",
        "- setVariable: {name: targets, expression: {constant: any}}",
        "- setVariable: {name: targets, expression: {simple: '${variable.model}'}}",
        "- setVariable: {name: targets, expression: {simple: {expression: '${variable.model}'}}}",
        "- setVariable: {name: targets, simple: 'openai/${variable.model}'}",
        "- to: direct:night-choice",
        "- to: {id: on, description: at night, uri: 'direct:team-choice'}",
        "- to: direct:night-choice\n- log: done",
        "- log: {message: '${variable.team} asks', loggingLevel: DEBUG}\n- to: direct:night-choice",
        "- bean: {ref: desk, method: open}\n- to: direct:night-choice",
        "- setVariable: {name: cacheTtl, constant: 0s}\n- to: direct:night-choice",
        "- setVariable: {name: timeout, constant: 500ms}\n- to: direct:night-choice",
        "- setVariable: {name: tags, constant: 'a=b, c=d e'}\n- to: direct:night-choice",
        "- setVariable: {name: reason, simple: 'for ${variable.team}'}\n- to: direct:night-choice",
        "- filter: {simple: '${variable.stream}', steps: [log: hi]}\n- to: direct:night-choice",
        "- choice: {disabled: true, when: [{simple: '${variable.stream}', steps: []}]}\n"
            + "- to: direct:night-choice",
        "- choice:\n    otherwise: {steps: [to: 'direct:night-choice']}\n"
            + "    when: [{simple: '${variable.stream}', disabled: true, steps: []}]\n    id: last",
      })
  void stepsAreLetIn(String steps) {
    assertThatCode(() -> TEXTS.read(RuleTexts.rule(steps))).doesNotThrowAnyException();
  }

  @Test
  void aHalfWrittenFileIsRefused() {
    List<String> lines = RuleTexts.shipped().lines().toList();
    int total = 0;
    for (int i = 0; i < lines.size(); i++) {
      String half = String.join("\n", lines.subList(0, i));
      try {
        TEXTS.read(half);
        total++;
      } catch (InvalidRuleException e) {
        assertThat(e.problems()).as(half).isNotEmpty();
      }
    }
    assertThat(total).as("only without its last line, which sets the reason").isEqualTo(1);
  }

  @Test
  void whateverTheBytesOnlyProblemsComeOfThem() {
    byte[] shipped = RuleTexts.shipped().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(4);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] mutated = mutate(shipped.clone(), random);
      try {
        TEXTS.read(mutated);
      } catch (InvalidRuleException e) {
        refused++;
        assertThat(e.problems()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(new String(mutated, StandardCharsets.UTF_8), e);
      }
    }
    assertThat(refused).isGreaterThan(1000);
    assertThat(TEXTS.calls).as("nothing called what rules may not").hasValueLessThan(1000);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] marks = "\n\t :-'\"{}[]$\\#&*!|>%@`,?\0".getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = marks[random.nextInt(marks.length)];
        default -> {
          int to = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, to));
          System.arraycopy(bytes.clone(), at, bytes, to, length);
        }
      }
    }
    return bytes;
  }

  @Test
  void idsOfTheTextAreOnTheNodesWhereverTheyStand() throws Exception {
    String text =
        RuleTexts.rule(
            """
            - choice:
                otherwise:
                  steps:
                    - to: direct:night-choice
                  id: the-rest
                when:
                  - simple: ${variable.stream}
                    steps:
                      - setVariable: {name: targets, constant: any, id: set}
                    id: streams
                  - {simple: "${variable.hasTools}", steps: [to: "direct:night-choice"]}
                id: cases
            """);
    CheckedRule rule = TEXTS.read(text);
    assertThat(rule.outline().branches())
        .extracting(Branch::id)
        .containsExactly("the-rest", "streams", "line-16");
    assertThat(rule.outline().calls()).containsExactly("night-choice");
    RouteDefinition route = rule.definition(Hooks.NONE);
    assertThat(new RuleModel(withoutMarks(route)).nodes())
        .extracting(node -> node.definition().getId())
        .containsExactly(
            "provider-choice.cases",
            "provider-choice.streams",
            "provider-choice.set",
            "provider-choice.line-16",
            "provider-choice.to-L16",
            "provider-choice.the-rest",
            "provider-choice.to-L9");
  }

  private static RouteDefinition withoutMarks(RouteDefinition route) {
    var choice = (org.apache.camel.model.ChoiceDefinition) route.getOutputs().getFirst();
    choice.getWhenClauses().forEach(when -> when.getOutputs().removeFirst());
    choice.getOtherwise().getOutputs().removeFirst();
    route.setErrorHandler(null);
    return route;
  }

  @Test
  void aDefinitionRunsAndIsWatched() throws Exception {
    CheckedRule rule =
        TEXTS.read(
            RuleTexts.deciding("${variable.stream}")
                .replaceFirst("constant: any", "constant: local"));
    List<String> seen = new ArrayList<>();
    Hooks hooks = hooks((branch, what) -> seen.add(branch.id() + " " + what));
    for (int version = 0; version < 2; version++) {
      try (DefaultCamelContext context = RuleContexts.create("test", false, Map.of())) {
        context.addRouteDefinition(rule.definition(hooks));
        context.start();
        assertThat(decide(context, true)).isEqualTo("local");
        assertThat(decide(context, false)).isEqualTo("any");
      }
    }
    assertThat(seen)
        .startsWith("line-8 true", "line-8 taken", "line-8 false", "line-11 taken")
        .hasSize(8);
  }

  private static Object decide(CamelContext context, boolean stream) {
    Exchange exchange = new DefaultExchange(context);
    exchange.setVariable("stream", stream);
    context.createProducerTemplate().send("direct:provider-choice", exchange);
    assertThat(exchange.getException()).isNull();
    return exchange.getVariable("targets");
  }

  private static Hooks hooks(BiConsumer<Branch, String> seen) {
    return new Hooks() {
      @Override
      public Processor mark(Branch branch) {
        return exchange -> seen.accept(branch, "taken");
      }

      @Override
      public Predicate condition(Branch branch, Predicate condition) {
        return exchange -> {
          boolean answer = condition.matches(exchange);
          seen.accept(branch, String.valueOf(answer));
          return answer;
        };
      }
    };
  }
}
