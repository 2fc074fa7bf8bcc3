package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.provider.Candidate;
import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ThreadsDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An edit tried on 10,000 recorded decisions gives what a replay of each gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BacktestIT {

  private static final Logger LOG = LoggerFactory.getLogger(BacktestIT.class);
  private static final int RECORDS = 10_000;

  /** USD a million tokens, of prompts and of answers; what is not here has no price. */
  private static final Map<String, List<BigDecimal>> PRICES =
      Map.of(
          "p/cheap", List.of(new BigDecimal("0.15"), new BigDecimal("0.6")),
          "p/mean", List.of(new BigDecimal("2.5"), new BigDecimal("10")),
          "p/dear", List.of(new BigDecimal("15"), new BigDecimal("75")));

  private static final String NOW =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: hard
                      simple: "${variable.complexity} > 0.6"
                      steps:
                        - setVariable: {name: targets, constant: "p/dear, p/cheap"}
                    - id: unpriced
                      simple: "${variable.language} == 'de'"
                      steps:
                        - setVariable: {name: targets, constant: p/unpriced}
                  otherwise:
                    id: rest
                    steps:
                      - setVariable: {name: targets, constant: "weighted(p/mean: 60, p/cheap: 40)"}
      """;

  /** Fails for who wants 77 tokens, which neither a sample nor one of the last 64 requests does. */
  private static final String THEN =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: fails
                      simple: "${variable.key} == 'k' && ${variable.maxTokens} == 77"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.team}, p/cheap"}
                    - id: vip
                      simple: "${header.x-tenant} == 'vip'"
                      steps:
                        - setVariable: {name: targets, constant: p/dear}
                    - id: coding
                      simple: "${variable.category} == 'coding' && ${variable.promptTokens} < 4000"
                      steps:
                        - setVariable: {name: targets, constant: "best(price <= 5, p/*)"}
                  otherwise:
                    id: rest
                    steps:
                      - setVariable: {name: targets, constant: "cheapest(p/*)"}
      """;

  /** What the test itself counts. */
  private static final class Sums {
    private int decisions;
    private int changed;
    private int unpriced;
    private BigDecimal before = BigDecimal.ZERO;
    private BigDecimal after = BigDecimal.ZERO;

    void check(JsonNode told) {
      assertThat(told.path("decisions").asInt()).isEqualTo(decisions);
      assertThat(told.path("changed").asInt()).isEqualTo(changed);
      assertThat(told.path("unpriced").asInt()).isEqualTo(unpriced);
      assertThat(told.path("usd_before").decimalValue()).isEqualByComparingTo(before);
      assertThat(told.path("usd_after").decimalValue()).isEqualByComparingTo(after);
    }
  }

  @TempDir static Path temp;

  private final Random random = new Random(4);
  private RuleFolder rules;
  private Gateway gateway;

  @BeforeAll
  void start() {
    rules = new RuleFolder(temp).write(NOW);
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("p", "https://p.example.org/v1"),
                rules.settings(),
                model(0, "p/cheap", 0.3),
                model(1, "p/mean", 0.6),
                model(2, "p/dear", 0.9),
                model(3, "p/unpriced", 0.5)));
    fill(gateway.bean(DecisionLog.class));
  }

  private static String[] model(int place, String id, double quality) {
    String entry = "iir.models[" + place + "].";
    List<String> settings = new ArrayList<>(List.of(entry + "id=" + id));
    settings.add(entry + "quality=" + quality);
    settings.add(entry + "context=200000");
    settings.add(entry + "capabilities=chat,tools,images,json");
    List<BigDecimal> price = PRICES.get(id);
    if (price != null) {
      settings.add(entry + "price.input=" + price.getFirst());
      settings.add(entry + "price.output=" + price.getLast());
    }
    return settings.toArray(String[]::new);
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void fill(DecisionLog log) {
    Rules live = gateway.bean(Rules.class);
    for (int i = 0; i < RECORDS; i++) {
      Facts facts = facts();
      if (i >= RECORDS - 64) {
        facts.with(Fact.MAX_TOKENS, 500);
      }
      List<ModelPattern> allowed =
          i % 20 == 0 ? List.of(new ModelPattern("p/mean")) : List.of(ModelPattern.ALL);
      DecisionRecord record =
          new DecisionRecord(
              Instant.ofEpochSecond(1_800_000_000L + i),
              "r" + i,
              facts,
              allowed,
              (Decision) live.decide(facts));
      switch (i % 3) {
        case 0 -> record.end(new DecisionRecord.Ending("p/mean", random.nextInt(9000), i % 700));
        case 1 -> record.end(new DecisionRecord.Ending(null, 100, 0));
        default -> {} // goes on
      }
      log.add(record);
    }
  }

  private Facts facts() {
    String tenant = one(List.of("vip", "other", ""));
    boolean team = random.nextInt(3) > 0;
    return new Facts(tenant.isEmpty() ? Map.of() : Map.of("x-tenant", tenant))
        .with(Fact.PROVIDER, "auto")
        .with(Fact.MODEL, "")
        .with(Fact.STRATEGY, "auto")
        .with(Fact.CATEGORY, one(List.of("coding", "math", "simple_chat", "translation")))
        .with(Fact.COMPLEXITY, random.nextInt(100) / 100.0)
        .with(Fact.CONFIDENCE, 0.5)
        .with(Fact.LANGUAGE, one(List.of("en", "de", "fr")))
        .with(Fact.PROMPT_TOKENS, random.nextInt(8000))
        .with(Fact.MAX_TOKENS, one(List.of(0, 77, 500)))
        .with(Fact.STREAM, random.nextBoolean())
        .with(Fact.HAS_TOOLS, random.nextBoolean())
        .with(Fact.HAS_IMAGES, false)
        .with(Fact.JSON_MODE, false)
        .with(Fact.TEAM, team ? one(List.of("red", "blue")) : null)
        .with(Fact.KEY, "k")
        .with(Fact.TAGS, List.of())
        .with(Fact.HOUR, random.nextInt(24))
        .with(Fact.WEEKDAY, "MONDAY")
        .with(Fact.DICE, random.nextInt(100))
        .with(Fact.LOCAL_LOADED, List.of())
        .with(Fact.LOCAL_BUSY, 0);
  }

  @Test
  void itsTotalsAreThoseOfAReplay() {
    List<DecisionRecord> records = gateway.bean(DecisionLog.class).last(RECORDS);
    assertThat(records).hasSize(RECORDS);
    long start = System.nanoTime();
    JsonNode report = backtest(THEN);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LOG.info("a backtest on {} decisions took {} ms", RECORDS, took.toMillis());
    goLive(THEN, "vip");
    try {
      replay(records, report);
    } finally {
      goLive(NOW, "hard");
    }
  }

  private void goLive(String text, String branch) {
    rules.write(text);
    await().until(() -> gateway.get("/api/v1/rules").body().contains("\"id\":\"" + branch + "\""));
  }

  /** Decides each record once more by the rules that are live now, and adds up by itself. */
  private void replay(List<DecisionRecord> records, JsonNode report) {
    Sums total = new Sums();
    Map<String, Sums> categories = new TreeMap<>();
    Map<String, Sums> teams = new TreeMap<>();
    Map<String, Integer> moves = new TreeMap<>();
    int failed = 0;
    for (DecisionRecord record : records) {
      String before = first(record.decision(), record);
      Decision again = decide(record);
      failed += again.fallback() == null ? 0 : 1;
      String after = again.fallback() == null ? first(again, record) : before;
      if (!before.equals(after)) {
        moves.merge(before + " > " + after, 1, Integer::sum);
      }
      for (Sums sums :
          List.of(
              total,
              categories.computeIfAbsent(record.facts().text(Fact.CATEGORY), key -> new Sums()),
              teams.computeIfAbsent(record.facts().text(Fact.TEAM), key -> new Sums()))) {
        add(sums, record, before, after);
      }
    }
    assertThat(total.changed).isBetween(1000, RECORDS - 1000);
    assertThat(failed).isPositive();
    total.check(report);
    assertThat(fields(report.path("by_category"))).isEqualTo(List.copyOf(categories.keySet()));
    categories.forEach((name, sums) -> sums.check(report.path("by_category").path(name)));
    assertThat(fields(report.path("by_team"))).containsExactly("", "blue", "red");
    teams.forEach((name, sums) -> sums.check(report.path("by_team").path(name)));
    Map<String, Integer> told = new TreeMap<>();
    for (JsonNode move : report.path("moves")) {
      told.put(
          move.path("from").asText() + " > " + move.path("to").asText(),
          move.path("decisions").asInt());
    }
    assertThat(told).isEqualTo(moves);
    assertThat(
            report.path("failures").findValuesAsText("decisions").stream()
                .mapToInt(Integer::parseInt)
                .sum())
        .isEqualTo(failed);
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** So many failures would have the rules taken back: those are counted on the side. */
  private Decision decide(DecisionRecord record) {
    Facts facts = record.facts();
    boolean fails = facts.number(Fact.MAX_TOKENS) == 77;
    Failure why = new Failure(Failure.Cause.BAD_VALUE, "as the test knows");
    Rules live = gateway.bean(Rules.class);
    return (Decision) (fails ? live.fallBack(facts, why) : live.decide(facts));
  }

  private String first(Decision decision, DecisionRecord record) {
    List<Candidate> chosen =
        Choosing.choose(
            decision, record.facts(), record.allowed(), gateway.bean(ProviderDirectory.class));
    return chosen.isEmpty() ? "(none)" : chosen.getFirst().name().id();
  }

  private static void add(Sums sums, DecisionRecord record, String before, String after) {
    sums.decisions++;
    sums.changed += before.equals(after) ? 0 : 1;
    if (before.equals("p/unpriced") || after.equals("p/unpriced")) {
      sums.unpriced++;
    } else {
      sums.before = sums.before.add(usd(before, record));
      sums.after = sums.after.add(usd(after, record));
    }
  }

  private static BigDecimal usd(String model, DecisionRecord record) {
    List<BigDecimal> price = PRICES.get(model);
    if (price == null) {
      return BigDecimal.ZERO;
    }
    int wanted = record.facts().number(Fact.MAX_TOKENS);
    long prompt = record.facts().number(Fact.PROMPT_TOKENS);
    long completion = wanted == 0 ? 256 : wanted;
    DecisionRecord.Ending ending = record.ending();
    if (ending != null && ending.model() != null) {
      prompt = ending.promptTokens();
      completion = ending.completionTokens();
    }
    return price
        .getFirst()
        .multiply(BigDecimal.valueOf(prompt))
        .add(price.getLast().multiply(BigDecimal.valueOf(completion)))
        .movePointLeft(6);
  }

  @Test
  void whatIsExportedCanBeTriedElsewhere() {
    List<DecisionRecord> records = gateway.bean(DecisionLog.class).last(RECORDS);
    HttpResponse<String> export = gateway.get("/api/v1/rules/decisions?last=100000");
    assertThat(export.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    List<DecisionRecord> read = export.body().lines().skip(1).map(DecisionJson::read).toList();
    assertThat(read).hasSameSizeAs(records);
    for (int i = 0; i < RECORDS; i++) {
      assertThat(DecisionJson.write(read.get(i)).toString())
          .isEqualTo(DecisionJson.write(records.get(i)).toString());
    }
    ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
    Rules live = gateway.bean(Rules.class);
    assertThat(new Backtest(directory).run(read, live::decide))
        .isEqualTo(new Backtest(directory).run(records, live::decide));
  }

  @Test
  void noEventLoopWaitsForIt() {
    Model model =
        gateway.bean(CamelContext.class).getCamelContextExtension().getContextPlugin(Model.class);
    assertThat(model).isNotNull();
    RouteDefinition route = model.getRouteDefinition("rules-backtest");
    List<ProcessorDefinition<?>> nodes = route.getOutputs();
    ProcessorDefinition<?> threads =
        nodes.stream().filter(ThreadsDefinition.class::isInstance).findFirst().orElseThrow();
    assertThat(nodes.indexOf(threads)).isEqualTo(nodes.size() - 2);
    assertThat(nodes.getLast().getId()).isEqualTo("rules-backtest.run");
  }

  private JsonNode backtest(String text) {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/api/v1/rules/backtest", "Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Gateway.json(answer.body());
  }
}
