package io.iir.rules.check;

import static io.iir.rules.check.RuleTexts.deciding;
import static io.iir.rules.check.RuleTexts.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each forbidden thing is refused with its place, its words and a hint. */
class RuleRefusalsTest {

  private static final RuleTexts TEXTS = new RuleTexts();

  /** Where a condition begins, so that the columns below are counted in it, from 1. */
  private static final int CONDITION = 24;

  private static final String ON = "\n- to: direct:night-choice";

  @AfterAll
  static void close() {
    TEXTS.close();
  }

  private static Arguments row(
      String name, String text, int line, int column, String message, String hint) {
    return Arguments.of(name, text, line, column, message, hint);
  }

  private static Arguments condition(
      String name, String condition, int column, String message, String hint) {
    return row(name, deciding(condition), 8, CONDITION + column, message, hint);
  }

  private static Arguments step(
      String name, String steps, int column, String message, String hint) {
    return row(name, rule(steps + ON), 6, column, message, hint);
  }

  private static String edited(String from, String to) {
    String shipped = RuleTexts.shipped();
    assertThat(shipped).contains(from);
    return shipped.replaceFirst(java.util.regex.Pattern.quote(from), to.replace("$", "\\$"));
  }

  static Stream<Arguments> files() {
    String any = "constant: \"local, any\"";
    return Stream.of(
        row("empty", "", 1, 1, "the file is empty", "'- route:'"),
        row("comments", "# a\n# b\n", 1, 1, "empty but for comments", "'- route:'"),
        row("a scalar", "hello", 1, 1, "a list of one route", "'- route:'"),
        row("JSON", "{\"route\": {}}", 1, 1, "a list of one route", "'- route:'"),
        row("an empty list", "[]", 1, 1, "exactly one route, not 0", ""),
        row("NUL", "- route:\n  \0", 2, 3, "U+0000", ""),
        row("two documents", RuleTexts.shipped() + "\n---\n- a\n", 51, 1, "second document", "---"),
        row("two routes", RuleTexts.shipped() + "\n- route: {}\n", 51, 3, "one route, not 2", ""),
        row("anchor", edited(any, "constant: &a any"), 48, 97, "&a: anchors", ""),
        row("alias", edited(any, "constant: *a"), 48, 97, "*a: aliases", ""),
        row("bomb", "a: &a [x,x]\nb: &b [*a,*a]\n", 1, 4, "&a: anchors", ""),
        row(
            "tag",
            edited(any, "constant: !!java any"),
            48,
            97,
            "tag:yaml.org,2002:java: tags are not",
            ""),
        row("merge", edited("    group: rules", "    <<: {}"), 14, 5, "\"<<\" is not", "allowed"),
        row("deep", "[".repeat(60_000), 1, 101, "nested deeper than 100", ""),
        row("tab", edited("    group: rules", "\tgroup: rules"), 14, 1, "TAB", "often a tab"),
        row(
            "unclosed quote",
            edited("constant: named}", "constant: \"named}"),
            29,
            26,
            "that starts at line 26",
            "quote"),
        row("duplicate key", edited("group: rules", "id: x"), 14, 5, "there twice", "line 12"),
        row(
            "wrong id",
            edited("id: provider-choice", "id: other"),
            12,
            9,
            "must be \"provider",
            ""),
        row("no id", edited("    id: provider-choice\n", ""), 12, 5, "route lacks \"id\"", ""),
        row("wrong from", edited("uri: direct:", "uri: direct:x"), 16, 12, "must come from", ""),
        row("http from", edited("uri: direct:", "uri: http:"), 16, 12, "must come from", ""),
        row("wrong group", edited("group: rules", "group: mine"), 14, 12, "group must be", ""),
        row(
            "placeholder",
            edited("Choose the", "Choose {{secret}} the"),
            13,
            25,
            "{{...}} is not allowed",
            ""),
        row("unknown key", edited("group: rules", "autoStartup: false"), 14, 5, "autoStartup", ""),
        row(
            "an error handler",
            edited("group: rules", "errorHandler: {}"),
            14,
            5,
            "errorHandler",
            "not needed: a rule that fails"),
        row(
            "policy",
            edited("group: rules", "routePolicy: x"),
            14,
            5,
            "routePolicy",
            "allowed: id"),
        row(
            "configuration",
            edited("group: rules", "routeConfigurationId: x"),
            14,
            5,
            "routeConfigurationId",
            ""),
        row(
            "parameters",
            edited("steps:", "parameters: {a: b}\n      steps:"),
            17,
            7,
            "parameters",
            ""),
        row(
            "indentation",
            edited("        - choice:", "       - choice:\n        - choice:"),
            19,
            9,
            "YAML",
            "indentation"),
        row(
            "no otherwise",
            RuleTexts.shipped().replaceAll("(?s)            otherwise:.*", ""),
            18,
            11,
            "a request can get past",
            "add an otherwise"),
        row(
            "otherwise disabled",
            edited("id: provider-choice.otherwise\n", "disabled: true\n"),
            45,
            13,
            "a request can get past",
            "disabled"),
        row(
            "a case without",
            edited("name: targets, constant: local}", "name: reason, constant: local}"),
            30,
            17,
            "a request can get past",
            "in this case too"),
        row(
            "targets disabled",
            rule("- setVariable: {name: targets, constant: any, disabled: true}"),
            5,
            7,
            "a request can get past",
            "set targets here"),
        row(
            "only a filter",
            rule("- filter: {simple: '${variable.stream}', steps: [to: 'direct:night-choice']}"),
            5,
            7,
            "a request can get past",
            ""),
        row(
            "duplicate id",
            edited("id: provider-choice.local-only-reason", "id: provider-choice.named"),
            32,
            39,
            "\"provider-choice.named\" is there twice",
            "line 21"),
        row(
            "a given id",
            edited("id: provider-choice.cases", "id: line-3"),
            19,
            17,
            "are given to",
            "a word"),
        row(
            "bad id",
            edited("id: provider-choice.cases", "id: 'a b'"),
            19,
            17,
            "an id is of letters",
            ""));
  }

  static Stream<Arguments> items() {
    return Stream.of(
            "beans",
            "rest",
            "onException",
            "intercept",
            "interceptFrom",
            "interceptSendToEndpoint",
            "onCompletion",
            "routeConfiguration",
            "routeTemplate",
            "templatedRoute",
            "from",
            "errorHandler",
            "restConfiguration",
            "pipe",
            "import",
            "dataFormats")
        .map(item ->
            row(item, "- %s: {}\n".formatted(item), 1, 3, "\"%s\" is not".formatted(item), ""));
  }

  /** Steps of Camel that rules may not use. */
  static Stream<Arguments> kinds() {
    return Stream.of(
            "toD",
            "recipientList",
            "script",
            "loop",
            "process",
            "poll",
            "pollEnrich",
            "enrich",
            "throwException",
            "doTry",
            "doCatch",
            "kamelet",
            "setBody",
            "setHeader",
            "setHeaders",
            "setProperty",
            "setVariables",
            "removeVariable",
            "removeHeader",
            "removeHeaders",
            "removeProperty",
            "split",
            "multicast",
            "wireTap",
            "delay",
            "threads",
            "transacted",
            "saga",
            "routingSlip",
            "dynamicRouter",
            "aggregate",
            "resequence",
            "circuitBreaker",
            "convertBodyTo",
            "convertVariableTo",
            "transform",
            "transformDataType",
            "marshal",
            "unmarshal",
            "validate",
            "idempotentConsumer",
            "claimCheck",
            "sort",
            "sample",
            "stop",
            "rollback",
            "loadBalance",
            "throttle",
            "policy",
            "pipeline",
            "step",
            "setExchangePattern",
            "serviceCall",
            "rest",
            "tokenizer",
            "setVarable",
            "set-variable",
            "route")
        .map(kind ->
            step(
                kind,
                "- %s: {}".formatted(kind),
                11,
                "\"%s\" is not allowed in steps".formatted(kind),
                "allowed: choice, filter"));
  }

  static Stream<Arguments> languages() {
    List<String> languages =
        List.of(
            "groovy",
            "jq",
            "jsonpath",
            "ognl",
            "mvel",
            "java",
            "joor",
            "method",
            "ref",
            "tokenize",
            "csimple",
            "language",
            "spel",
            "xpath",
            "xquery",
            "python",
            "datasonnet",
            "exchangeProperty",
            "header",
            "variable",
            "wasm",
            "xtokenize",
            "hl7terser",
            "js");
    return Stream.concat(
        languages.stream()
            .map(language ->
                row(
                    language,
                    deciding("x").replace("simple: x", language + ": \"1 == 1\""),
                    8,
                    17,
                    "\"%s\" is not allowed in when".formatted(language),
                    "simple")),
        languages.stream()
            .map(language ->
                step(
                    language + " as a value",
                    "- setVariable: {name: reason, expression: {%s: x}}".formatted(language),
                    52,
                    "\"%s\" is not allowed in expression".formatted(language),
                    "allowed: simple, constant")));
  }

  /** Functions of Simple that reach what rules may not. */
  static Stream<Arguments> functions() {
    return Stream.of(
            "camelContext",
            "camelContext.stop",
            "camelContext.registry",
            "type:java.lang.Runtime",
            "bean:type:java.lang.Runtime",
            "bean:desk?method=open",
            "bean:desk::open",
            "bean:desk",
            "env.HOME",
            "env:HOME",
            "sysenv.HOME",
            "sys.user.dir",
            "ref:desk",
            "properties:a",
            "propertiesExist:a",
            "exchange",
            "exchange.context",
            "exchangeId",
            "exchangeProperty.a",
            "body",
            "bodyAs(String)",
            "body.class",
            "in.body",
            "headers",
            "headers.x-priority",
            "header:x-priority",
            "headerAs(x-priority,String)",
            "header.x-priority.class",
            "date:now:yyyy",
            "date-with-timezone:now:UTC:HH",
            "file:name",
            "messageAs(String)",
            "mandatoryBodyAs(String)",
            "exception",
            "exception.stacktrace",
            "routeId",
            "hostname",
            "threadName",
            "messageHistory",
            "variables",
            "variable:team",
            "variableAs(team,String)",
            "variable.global:a",
            "variable.team.class",
            "variable.tags[0]",
            "variable.model?.length",
            "variables.team",
            "variable[team]",
            "variable.",
            "uuid",
            "hash(a)",
            "replace(a,b)",
            "substring(1)",
            "collate(3)",
            "join(a)",
            "jq(.)",
            "jsonpath($.a)",
            "groovy(1)",
            "xpath(/a)",
            "language:groovy:1",
            "iif(a,b,c)",
            "list(a)",
            "map(a,b)",
            "empty(map)",
            "skip(1)",
            "pretty(a)",
            "null",
            "attachments",
            "random(${variable.hour})",
            "bean:desk.open('a${variable.model}')",
            " variable.team",
            "variable.team ",
            "Variable.team")
        .map(function ->
            condition(
                function,
                "\"${%s} == 'a'\"".formatted(function.replace("\\", "\\\\")),
                2,
                "is not allowed in rules",
                "${variable.NAME}"));
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        condition("no operator", "coding", 1, "\"coding\" is no condition", "${variable.category}"),
        condition("a value", "${variable.category}", 1, "a value alone", "compare it"),
        condition("always", "true", 1, "\"true\" is no condition", ""),
        condition(
            "bare fact",
            "category == 'coding'",
            1,
            "no condition",
            "did you mean \"${variable.category}\""),
        condition(
            "unquoted", "${variable.category} == coding", 25, "\"coding\" is no value", "'coding'"),
        condition("one =", "${variable.category} = 'coding'", 22, "operator \"=\"", "\"==\""),
        condition("===", "${variable.category} === 'coding'", 22, "operator \"===\"", "\"==\""),
        condition("eq", "${variable.category} eq 'coding'", 22, "operator \"eq\"", "\"==\""),
        condition(
            "is", "${variable.category} is 'java.lang.Runtime'", 22, "operator \"is\"", "\"==\""),
        condition("!is", "${variable.category} !is 'String'", 22, "operator \"!is\"", "\"!=\""),
        condition("contians", "${variable.model} contians 'a'", 19, "contians", "\"contains\""),
        condition(
            "and", "${variable.stream} and ${variable.hasTools}", 20, "operator \"and\"", "\"&&\""),
        condition(
            "and later",
            "${variable.hour} < 7 and ${variable.stream}",
            22,
            "\"and\" is not",
            "\"&&\""),
        condition(
            "mixed",
            "${variable.stream} && ${variable.hasTools} || ${variable.jsonMode}",
            44,
            "must not be mixed",
            "two cases"),
        condition("not", "\"!${variable.stream}\"", 2, "no !", "== false"),
        condition("brackets", "(${variable.stream})", 1, "no brackets", "two cases"),
        condition("dangling", "${variable.promptTokens} <", 26, "nothing stands after <", ""),
        condition("dangling and", "${variable.stream} &&", 20, "nothing stands after &&", ""),
        condition("no blank", "${variable.hour}<7", 17, "write a blank", ""),
        condition(
            "no blank before and",
            "${variable.hour} < 7&& ${variable.stream}",
            20,
            "\"7&&\" is no value",
            ""),
        condition(
            "two values",
            "${variable.category} == 'coding' 'math'",
            34,
            "is not expected here",
            "&& or ||"),
        condition("sum", "${variable.hour} + 1 > 5", 18, "operator \"+\"", "allowed"),
        condition(
            "unclosed function", "${variable.category == 'coding'", 1, "not closed", "add the }"),
        condition(
            "unclosed quote in it",
            "${variable.category} == 'coding",
            25,
            "the quote ' is not closed",
            ""),
        condition(
            "$simple", "$simple{variable.category} == 'coding'", 1, "$simple{...}", "write ${...}"),
        condition(
            "placeholder", "\"${variable.category} == '{{a}}'\"", 27, "{{...}} is not allowed", ""),
        condition("brace", "${variable.model} regex 'a{2}'", 27, "'{' stands outside", ""),
        condition("resource", "resource:file:/etc/passwd", 1, "\"resource:\" is not allowed", ""),
        condition(
            "unknown variable",
            "${variable.taem} == 'a'",
            1,
            "unknown variable \"taem\"",
            "\"team\""),
        condition(
            "unknown header",
            "${header.authorization} == 'a'",
            1,
            "\"authorization\"",
            "allowed: x-priority, x-region"),
        condition("unknown bean", "${bean:desc.open(1)}", 1, "unknown bean \"desc\"", "\"desk\""),
        condition(
            "unlisted method", "${bean:desk.close()}", 1, "no method \"close\"", "allowed: open"),
        condition("no random", "${random(0)} < 1", 1, "needs a number above 0", ""),
        condition(
            "regex", "${variable.model} regex '(a'", 28, "the regular expression is not valid", ""),
        condition(
            "regex of a header",
            "${variable.model} regex ${header.x-region}",
            25,
            "regex needs a text",
            ""),
        condition("range", "${variable.hour} range '9-17'", 24, "two whole numbers", "'9..17'"),
        condition("empty range", "${variable.hour} range '17..9'", 24, "holds nothing", ""),
        condition("blank in a list", "${variable.team} in 'a, b'", 21, "has blanks", "'a,b'"),
        condition("never yes", "${variable.stream} == 'yes'", 23, "is true or false", "== true"),
        condition(
            "never a word",
            "${variable.category} == 'codding'",
            25,
            "is never 'codding'",
            "\"coding\""),
        condition(
            "never in",
            "${variable.category} in 'coding,maths'",
            25,
            "is never 'maths'",
            "\"math\""),
        condition(
            "never a day",
            "${variable.weekday} == 'Sunday'",
            24,
            "is never 'Sunday'",
            "\"SUNDAY\""),
        condition(
            "never a strategy",
            "${variable.strategy} == 'cheap'",
            25,
            "is never 'cheap'",
            "cost-optimized"),
        condition(
            "never a language",
            "${variable.language} == 'english'",
            25,
            "is never 'english'",
            "'en'"),
        condition(
            "never a number",
            "${variable.promptTokens} > 'many'",
            28,
            "is a number, never 'many'",
            ""),
        condition("a list", "${variable.tags} == 'tier=gold'", 21, "is a list", "contains"),
        condition("null", "${variable.team} > null", 20, "null is compared by ==", ""),
        row(
            "in a block",
            deciding("|\n            ${variable.team}\n            == 'a'"),
            8,
            25,
            "write a blank",
            ""),
        row(
            "trim",
            deciding("{expression: \"${variable.stream}\", trim: false}"),
            8,
            60,
            "\"trim\" is not",
            ""),
        row("list", deciding("[a]"), 8, 25, "must be a block", ""),
        row("empty text", deciding("\"\""), 8, 25, "\"simple\" is empty", ""),
        row(
            "no condition",
            deciding("x").replace("simple: x", "id: x"),
            8,
            17,
            "exactly one of simple, expression",
            ""));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        step(
            "unknown knob",
            "- setVariable: {name: targts, constant: any}",
            31,
            "may not set \"targts\"",
            "\"targets\""),
        step(
            "a fact",
            "- setVariable: {name: team, constant: a}",
            31,
            "may not set \"team\"",
            "asked, not set"),
        step(
            "global",
            "- setVariable: {name: 'global:targets', constant: a}",
            31,
            "may not set",
            ""),
        step(
            "unknown model",
            "- setVariable: {name: targets, constant: 'local, openai/gpt4o'}",
            58,
            "unknown model \"openai/gpt4o\"",
            "openai/gpt-4o"),
        step(
            "bad targets",
            "- setVariable: {name: targets, constant: 'openai/gpt-4o, locl'}",
            66,
            "locl",
            ""),
        step(
            "targets not closed",
            "- setVariable: {name: targets, constant: 'local(any'}",
            60,
            "expected",
            ""),
        step(
            "cacheTtl",
            "- setVariable: {name: cacheTtl, constant: ten}",
            51,
            "\"ten\" is no duration",
            "as in 20s"),
        step(
            "cacheTtl by simple",
            "- setVariable: {name: cacheTtl, simple: '${variable.hour}'}",
            49,
            "must be a constant",
            ""),
        step("long", "- setVariable: {name: timeout, constant: 2d}", 50, "at most 1d", "20s"),
        step("long ttl", "- setVariable: {name: cacheTtl, constant: 366d}", 51, "365d", "10m"),
        step(
            "an hour in targets",
            "- setVariable: {name: targets, simple: 'p/${variable.hour}'}",
            51,
            "may not be put into targets",
            "team"),
        step(
            "no name in targets",
            "- setVariable: {name: targets, simple: 'best(price < ${variable.team})'}",
            49,
            "targets: ",
            "name of a model"),
        step("timeout", "- setVariable: {name: timeout, constant: 0s}", 50, "more than 0", ""),
        step(
            "tags",
            "- setVariable: {name: tags, constant: gold}",
            47,
            "\"gold\" are no tags",
            "name=value"),
        step(
            "reason",
            "- setVariable: {name: reason, constant: \"a\\tb\"}",
            49,
            "of ASCII",
            "header"),
        step(
            "reason of a resource",
            "- setVariable: {name: reason, constant: ' Resource:file:/etc/passwd'}",
            49,
            "resource:",
            ""),
        step(
            "hidden resource",
            "- setVariable: {name: reason, constant: \"\\x01resource:file:/etc/passwd\"}",
            49,
            "control character",
            ""),
        step(
            "placeholder", "- setVariable: {name: reason, constant: 'a {{b}}'}", 52, "{{...}}", ""),
        step(
            "both",
            "- setVariable: {name: reason, constant: a, simple: b}",
            24,
            "exactly one of simple, constant",
            ""),
        step(
            "function",
            "- setVariable: {name: reason, simple: 'a ${body}'}",
            50,
            "${body} is not allowed",
            ""),
        step(
            "escape",
            "- setVariable: {name: reason, simple: 'a\\n'}",
            49,
            "'\\' is not allowed",
            ""),
        step(
            "increment",
            "- setVariable: {name: reason, simple: '${variable.hour}++'}",
            64,
            "++",
            ""),
        step(
            "type",
            "- setVariable: {name: reason, constant: {expression: a, resultType: int}}",
            65,
            "resultType",
            ""),
        step("no name", "- setVariable: {constant: a}", 24, "lacks \"name\"", ""),
        step(
            "log name",
            "- log: {message: a, logName: b}",
            29,
            "\"logName\" is not allowed in log",
            ""),
        step(
            "marker", "- log: {message: a, marker: b}", 29, "\"marker\" is not allowed in log", ""),
        step(
            "log level",
            "- log: {message: a, loggingLevel: TRACE}",
            43,
            "unknown level",
            "allowed: DEBUG"),
        step("log function", "- log: 'a ${body}'", 19, "${body}", ""),
        step(
            "unknown rule",
            "- to: direct:nigth-choice",
            15,
            "no rule \"direct:nigth-choice\"",
            "direct:night-choice"),
        step("itself", "- to: direct:provider-choice", 15, "may not call itself", ""),
        step("http", "- to: http://example.org", 15, "only other rules", "direct:night-choice"),
        step("exec", "- to: exec:rm", 15, "only other rules", ""),
        step("file", "- to: {uri: 'file:/tmp'}", 21, "only other rules", ""),
        step("log component", "- to: log:a", 15, "only other rules", ""),
        step("options", "- to: direct:night-choice?block=true", 15, "no rule", ""),
        step(
            "parameters",
            "- to: {uri: 'direct:night-choice', parameters: {a: b}}",
            44,
            "\"parameters\"",
            ""),
        step(
            "bean type",
            "- bean: {beanType: java.lang.Runtime, method: exit}",
            18,
            "\"beanType\"",
            "allowed"),
        step("bean", "- bean: {ref: dask, method: open}", 23, "unknown bean \"dask\"", "\"desk\""),
        step(
            "bean class",
            "- bean: {ref: '#class:java.lang.Runtime', method: exit}",
            23,
            "unknown bean",
            ""),
        step(
            "bean method",
            "- bean: {ref: desk, method: close}",
            37,
            "no method \"close\"",
            "allowed: open"),
        step(
            "bean arguments",
            "- bean: {ref: desk, method: \"open(${camelContext})\"}",
            37,
            "no method",
            ""),
        step(
            "precondition", "- choice: {precondition: true, when: []}", 20, "\"precondition\"", ""),
        step(
            "disabled by a bean",
            "- log: {message: a, disabled: '#desk'}",
            39,
            "true or false",
            ""),
        step(
            "two names",
            "- {log: a, to: 'direct:night-choice'}",
            11,
            "exactly one name",
            "indentation"),
        step("a word", "- log", 11, "must be a block", "allowed"),
        step("a complex key", "- ? [a]\n  : b", 13, "a key must be a word", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"files", "items", "kinds", "languages", "functions", "conditions", "values"})
  void itIsRefused(String name, String text, int line, int column, String message, String hint) {
    Problem problem = refused(text.getBytes(StandardCharsets.UTF_8)).getFirst();
    assertThat(problem.file()).isEqualTo(RuleTexts.FILE);
    assertThat(problem.message()).as(problem.toString()).contains(message);
    assertThat(String.valueOf(problem.hint())).as(problem.toString()).contains(hint);
    assertThat("%d:%d".formatted(problem.line(), problem.column()))
        .as(problem.toString())
        .isEqualTo("%d:%d".formatted(line, column));
  }

  private static List<Problem> refused(byte[] content) {
    InvalidRuleException refusal =
        catchThrowableOfType(InvalidRuleException.class, () -> TEXTS.read(content));
    assertThat(refusal).as(new String(content, StandardCharsets.UTF_8)).isNotNull();
    return refusal.problems();
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThat(refused(new byte[] {'-', (byte) 0xff}).getFirst().message()).contains("not UTF-8");
    assertThat(refused("é".getBytes(StandardCharsets.ISO_8859_1))).hasSize(1);
    byte[] large = new byte[65 * 1024];
    Arrays.fill(large, (byte) '#');
    assertThat(refused(large).getFirst().hint()).contains("65536");
  }

  @Test
  void allThatIsWrongIsSaidInTheOrderOfTheFile() {
    String text =
        rule(
            """
            - log: ${body}
            - setVariable: {name: targts, simple: "${header.cookie}"}
            - stop: {}
            """);
    assertThat(refused(text.getBytes(StandardCharsets.UTF_8)))
        .extracting(problem -> problem.line() + ":" + problem.column())
        .containsExactly("6:16", "7:31", "7:48", "8:11");
  }

  @Test
  void tooManyAndTooDeepStepsAreRefused() {
    String many = "- log: a\n".repeat(500) + "- to: direct:night-choice";
    assertThat(refused(rule(many).getBytes(StandardCharsets.UTF_8)).getFirst().message())
        .contains("more than 500 steps");
    StringBuilder deep = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      deep.append("{filter: {simple: '${variable.stream}', steps: [");
    }
    deep.append("]}}".repeat(10));
    assertThat(
            refused(rule("- " + deep + ON).getBytes(StandardCharsets.UTF_8)).getFirst().message())
        .contains("nested deeper than 10");
  }
}
