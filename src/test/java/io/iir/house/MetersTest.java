package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RedisServer;
import io.iir.testing.Rules;
import io.iir.testing.Samples;
import io.iir.testing.Samples.Sample;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code GET /metrics} of a gateway at work shows is what docs/MONITORING.md says. */
class MetersTest {

  private static final Markdown METRICS = Markdown.read("docs/MONITORING.md").section("Metrics");

  @TempDir static Path routes;
  private static Samples samples;
  private static HttpResponse<String> openMetrics;

  /**
   * A row of the tables of meters.
   *
   * @param series its name in Prometheus
   * @param tags its tags, as Prometheus names them; the values of each, none where they are open
   */
  private record Documented(
      String meter, String series, String type, Map<String, Set<String>> tags) {

    static Documented of(List<String> row) {
      Map<String, Set<String>> tags = new LinkedHashMap<>();
      for (String tag : row.get(4).split(";", -1)) {
        if (!tag.isBlank()) {
          String[] parts = withoutRemarks(tag).split(":", 2);
          Set<String> values = new TreeSet<>();
          if (parts.length == 2) {
            Arrays.stream(parts[1].split(",", -1)).map(String::strip).forEach(values::add);
          }
          tags.put(parts[0].strip().replace('.', '_'), values);
        }
      }
      return new Documented(row.get(0), row.get(1), row.get(2), tags);
    }

    private static String withoutRemarks(String tag) {
      return tag.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replaceAll("\\([^)]*\\)", "");
    }

    /** Whether {@code name} is one of its series. */
    boolean has(String name) {
      return name.equals(series)
          || (!type.equals("counter")
              && !type.equals("gauge")
              && name.startsWith(series + "_")
              && Set.of("count", "sum", "max", "bucket")
                  .contains(name.substring(series.length() + 1)));
    }
  }

  @BeforeAll
  static void work() throws Exception {
    try (RedisServer redis = RedisServer.start();
        FakeProvider provider = new FakeProvider(MetersTest::answer);
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("p", provider.baseUrl()),
                    Gateway.provider("q", provider.baseUrl()),
                    Rules.choosing(routes, "p/priced, q/other"),
                    new String[] {
                      redis.setting(),
                      "iir.models[0].id=p/priced",
                      "iir.models[0].price.input=1",
                      "iir.models[0].price.output=2",
                      "iir.teams.shop.budget.usd=1",
                      "iir.teams.shop.budget.period=day",
                      "iir.limits.default.rpm=20",
                      "iir.retry.attempts=1"
                    }))) {
      Gateway.NewKey shop = gateway.newKey("{\"name\":\"s\",\"team\":\"shop\",\"models\":[\"*\"]}");
      for (String text : List.of("Hi", "Hi", "fail", "refuse", "stream")) {
        ask(gateway, shop, "auto", text);
      }
      ask(gateway, shop, "sim/echo", "Hi");
      ask(gateway, shop, "p/made-up", "Hi");
      ask(gateway, shop, "nobody/made-up", "Hi");
      for (int i = 0; i < 20; i++) {
        ask(gateway, shop, "no name", "Hi");
      }
      gateway.get("/not/there");
      gateway.send(gateway.request("/v1/registry/refresh").POST(noBody()).build());
      samples = Samples.of(gateway);
      openMetrics =
          gateway.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");
    }
  }

  private static BodyPublisher noBody() {
    return BodyPublishers.noBody();
  }

  private static void ask(Gateway gateway, Gateway.NewKey key, String model, String text) {
    String body =
        """
        {"model":"%s","messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, text);
    gateway.chat(
        text.equals("stream") ? body.replace("{\"model\"", "{\"stream\":true,\"model\"") : body,
        "Authorization",
        "Bearer " + key.secret());
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token("one");
      call.token("two");
      call.endStream(5, 2);
    } else if (call.body().contains("fail")) {
      call.json(500, "{}");
    } else if (call.body().contains("refuse")) {
      call.json(400, "{}");
    } else {
      call.completion("Hi", 5, 1);
    }
  }

  private static List<Documented> documented() {
    return METRICS.rows().stream().filter(row -> row.size() == 5).map(Documented::of).toList();
  }

  private static Set<String> javaPrefixes() {
    return METRICS.section("The Java machine").firstCells().stream()
        .flatMap(cell -> Arrays.stream(cell.split(", ", -1)))
        .collect(Collectors.toSet());
  }

  @Test
  void everyMeterIsDocumented() {
    Set<String> unknown = new TreeSet<>();
    for (Sample sample : samples.all()) {
      String name = sample.name();
      if (documented().stream().noneMatch(row -> row.has(name))
          && javaPrefixes().stream().noneMatch(name::startsWith)) {
        unknown.add(name);
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyPrefixIsThere() {
    assertThat(javaPrefixes())
        .allSatisfy(prefix ->
            assertThat(samples.all()).anyMatch(sample -> sample.name().startsWith(prefix)));
  }

  /** What it takes a defect, or a setting that is off by default, to see has tests of its own. */
  @Test
  void everyMeterThatAnHonestDayBringsIsThere() {
    Set<String> rare =
        Set.of(
            "iir.backend.hedges",
            "iir.backend.resumes",
            "iir.breaker.changes",
            "iir.budget.alerts",
            "iir.budget.overshoot",
            "iir.classify.encoder",
            "iir.local.state",
            "iir.local.users",
            "iir.local.starts",
            "iir.local.load.duration",
            "iir.log.dropped",
            "iir.rules.rejected",
            "iir.rules.rollbacks",
            "iir.rules.fallbacks",
            "iir.trace.spans");
    Set<String> missing = new TreeSet<>();
    for (Documented row : documented()) {
      if (samples.all().stream().noneMatch(sample -> row.has(sample.name()))) {
        missing.add(row.meter());
      }
    }
    assertThat(missing).containsExactlyInAnyOrderElementsOf(rare);
  }

  @Test
  void typesAreAsDocumented() {
    for (Documented row : documented()) {
      String type = samples.types().get(row.series());
      if (type != null) {
        assertThat(type).as(row.series()).isEqualTo(row.type());
      }
    }
  }

  @Test
  void tagsAndTheirValuesAreAsDocumented() {
    for (Documented row : documented()) {
      for (Sample sample : samples.all()) {
        if (row.has(sample.name())) {
          Map<String, String> tags = new LinkedHashMap<>(sample.tags());
          tags.remove("le");
          assertThat(tags.keySet())
              .as("the tags of %s", sample.name())
              .containsExactlyInAnyOrderElementsOf(row.tags().keySet());
          row.tags()
              .forEach((tag, values) -> {
                if (!values.isEmpty()) {
                  assertThat(values).as("%s %s", row.series(), tag).contains(tags.get(tag));
                }
              });
        }
      }
    }
  }

  @Test
  void openTagsAreDocumented() {
    Set<String> open = new HashSet<>();
    documented()
        .forEach(row ->
            row.tags()
                .forEach((tag, values) -> {
                  if (values.isEmpty()) {
                    open.add(tag);
                  }
                }));
    assertThat(METRICS.section("Tags").firstCells().stream().map(tag -> tag.replace('.', '_')))
        .containsExactlyInAnyOrderElementsOf(open);
  }

  /** A name in the list that nothing registers would be documented and never seen. */
  @Test
  void everyNameIsUsed() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      String code =
          files
              .filter(file -> file.toString().endsWith(".java") && !file.endsWith("Meters.java"))
              .map(MetersTest::read)
              .collect(Collectors.joining());
      assertThat(Meters.values())
          .allSatisfy(
              meter -> assertThat(code).containsPattern("Meters\\.%s\\b".formatted(meter.name())));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void openMetricsIsAnsweredToWhoKnowsIt() {
    assertThat(openMetrics.headers().firstValue("Content-Type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(openMetrics.body()).endsWith("# EOF\n");
    assertThat(Samples.parse(openMetrics.body()).sum("iir_requests_total"))
        .isGreaterThanOrEqualTo(samples.sum("iir_requests_total"));
  }
}
