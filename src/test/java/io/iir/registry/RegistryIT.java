package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.hardware.Cpu;
import io.iir.hardware.Hardware;
import io.iir.hardware.HardwareProbe;
import io.iir.hardware.Memory;
import io.iir.recommend.Recommendation;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Vendor;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is known of providers and the machine: asked anew on request, and kept over restarts. */
class RegistryIT {

  private static final String REFRESH = "/v1/registry/refresh";
  private static final String STATUS = "/v1/registry/status";
  private static final Recommendation BEST =
      new Recommendation(
          "llama-3.1-8b-instruct",
          "Q4_K_M",
          Recommendation.Placement.CPU,
          8192,
          6_000_000_000L,
          9.5,
          null,
          0.6,
          0.7,
          Map.of("llama.cpp", "llama-server -hf some/model"),
          List.of());

  /** A provider whose list of models a test changes. */
  private static final class Lister implements AutoCloseable {

    private final AtomicInteger asked = new AtomicInteger();
    private final FakeProvider provider;
    private volatile int status = 200;
    private volatile List<String> models;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    Lister(String... models) throws Exception {
      this.models = List.of(models);
      this.provider =
          new FakeProvider(call -> {
            if (call.target().equals("/v1/models")) {
              asked.incrementAndGet();
              gate.await();
              call.json(status, list());
            } else { // what kind of server it is
              call.json(404, "{}");
            }
          });
    }

    private String list() {
      return models.stream()
          .map("{\"id\":\"%s\",\"max_model_len\":4096,\"owned_by\":\"\\u0000\"}"::formatted)
          .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
    }

    String[] settings(String name) {
      return new String[] {
        "iir.providers.%s.protocol=openai".formatted(name),
        "iir.providers.%s.base-url=%s".formatted(name, provider.baseUrl()),
        "iir.providers.%s.api-key=sk-upstream-%s".formatted(name, name)
      };
    }

    @Override
    public void close() throws IOException {
      provider.close();
    }
  }

  private static JsonNode refresh(Gateway gateway, String query) {
    HttpResponse<String> answer = post(gateway, REFRESH + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Gateway.json(answer.body());
  }

  private static HttpResponse<String> post(Gateway gateway, String path, String... headers) {
    return gateway.send(gateway.request(path, headers).POST(BodyPublishers.noBody()).build());
  }

  private static JsonNode status(Gateway gateway) {
    HttpResponse<String> answer = gateway.get(STATUS);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Gateway.json(answer.body());
  }

  private static JsonNode named(JsonNode report, String provider) {
    for (JsonNode each : report.path("providers")) {
      if (each.path("name").asText().equals(provider)) {
        return each;
      }
    }
    throw new AssertionError("no provider " + provider + " in " + report);
  }

  private static List<String> texts(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(each -> all.add(each.asText()));
    return all;
  }

  private static void awaitState(Gateway gateway, String provider, String state) {
    await()
        .untilAsserted(() ->
            assertThat(named(status(gateway), provider).path("state").asText()).isEqualTo(state));
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatIsNewGoneAndBack(Vendor vendor) throws Exception {
    try (Lister one = new Lister("a", "b");
        Gateway gateway = Gateway.start(Gateway.all(vendor.newStore(), one.settings("one")))) {
      await()
          .untilAsserted(() ->
              assertThat(named(status(gateway), "one").path("last_listed").isNull()).isFalse());
      one.models = List.of("b", "c");
      JsonNode first = named(refresh(gateway, ""), "one");
      assertThat(first.path("status").asText()).isEqualTo("ok");
      assertThat(first.path("found").asInt()).isEqualTo(2);
      assertThat(texts(first.path("new"))).containsExactly("one/c");
      assertThat(texts(first.path("gone"))).containsExactly("one/a");
      assertThat(status(gateway).path("models").path("gone").asInt()).isEqualTo(1);
      assertThat(gateway.get("/v1/models").body()).contains("one/c").doesNotContain("one/a");

      one.models = List.of("a", "b", "c");
      JsonNode second = named(refresh(gateway, "?provider=one"), "one");
      assertThat(texts(second.path("back"))).containsExactly("one/a");
      assertThat(second.path("new_count").asInt()).isZero();
      assertThat(second.path("gone_count").asInt()).isZero();
      assertThat(status(gateway).path("models").path("gone").asInt()).isZero();
      JdbcClient rows = gateway.bean(JdbcClient.class);
      assertThat(
              rows.sql("select first_seen < last_seen from registry_models where name = 'a'")
                  .query(Boolean.class)
                  .single())
          .isTrue();
      assertThat(
              rows.sql("select context from registry_models where name = 'a'")
                  .query(Integer.class)
                  .single())
          .isEqualTo(4096);
      assertThat(
              rows.sql("select count(*) from audit_log where action = 'registry.refresh'")
                  .query(Integer.class)
                  .single())
          .isEqualTo(2);
      assertThat(gateway.get("/metrics").body())
          .contains("iir_registry_refreshes_total{outcome=\"success\"} 2.0")
          .contains("iir_registry_models{state=\"listed\"} 3.0");
    }
  }

  @Test
  void providersAreAskedOnRequestOnly() throws Exception {
    try (Lister one = new Lister("a");
        Lister two = new Lister("x");
        Gateway gateway = Gateway.start(Gateway.all(one.settings("one"), two.settings("two")))) {
      awaitState(gateway, "one", "ok");
      awaitState(gateway, "two", "ok");
      assertThat(refresh(gateway, "?provider=two").path("providers"))
          .singleElement()
          .satisfies(only -> assertThat(only.path("name").asText()).isEqualTo("two"));
      assertThat(one.asked).hasValue(1);
      assertThat(two.asked).hasValue(2);
      refresh(gateway, "");
      assertThat(one.asked).hasValue(2);
      assertThat(two.asked).hasValue(3);
    }
  }

  @Test
  void twentyAtOnceAreOneRefresh() throws Exception {
    try (Lister one = new Lister("a");
        Lister two = new Lister("x");
        Gateway gateway = Gateway.start(Gateway.all(one.settings("one"), two.settings("two")));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitState(gateway, "one", "ok");
      awaitState(gateway, "two", "ok");
      one.gate = new CountDownLatch(1);
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String query = i % 4 == 3 ? "?provider=two" : "";
        if (i == 1) {
          await().untilAtomic(one.asked, org.hamcrest.Matchers.is(2));
        }
        HttpResponse<Stream<String>> joined = stream(gateway, query);
        answers.add(threads.submit(() -> done(joined)));
      }
      JdbcClient rows = gateway.bean(JdbcClient.class);
      assertThat(rows.sql("select count(*) from audit_log").query(Integer.class).single())
          .isEqualTo(20);
      one.gate.countDown();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(answers.getFirst().get());
      }
      assertThat(one.asked).hasValue(2);
      assertThat(two.asked).hasValue(2);
      assertThat(rows.sql("select count(*) from registry_refreshes").query(Integer.class).single())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasListedIsKnownAfterARestartWithoutNetwork(Vendor vendor, @TempDir Path data)
      throws Exception {
    String[] settings;
    try (Lister one = new Lister("a", "b")) {
      settings = Gateway.all(one.settings("one"), vendor.newStore());
      try (Gateway gateway = Gateway.startIn(data, settings)) {
        awaitState(gateway, "one", "ok");
        await()
            .untilAsserted(() ->
                assertThat(named(status(gateway), "one").path("last_listed").isNull()).isFalse());
      }
      assertThat(one.asked).hasValue(1);
      try (Gateway gateway = Gateway.startIn(data, settings)) {
        assertThat(named(status(gateway), "one").path("state").asText())
            .isEqualTo("listed before the restart");
        assertThat(one.asked).hasValue(1);
      }
    }
    try (Gateway gateway = Gateway.startIn(data, settings)) {
      JsonNode before = status(gateway);
      assertThat(named(before, "one").path("models").asInt()).isEqualTo(2);
      assertThat(before.path("models").path("stale").asInt()).isEqualTo(2);
      JsonNode model = Gateway.json(gateway.get("/v1/models/one/a").body());
      assertThat(model.path("iir").path("state").asText()).isEqualTo("stale");
      assertThat(model.path("iir").path("context").asInt()).isEqualTo(4096);

      JsonNode failed = named(refresh(gateway, ""), "one");
      assertThat(failed.path("status").asText()).isEqualTo("failed");
      assertThat(failed.path("error").asText()).isEqualTo("cannot connect");
      JsonNode after = status(gateway);
      assertThat(named(after, "one").path("models").asInt()).isEqualTo(2);
      assertThat(named(after, "one").path("last_listed"))
          .isEqualTo(named(before, "one").path("last_listed"));
    }
    String[] elsewhere = settings.clone();
    elsewhere[1] = settings[1].replace("127.0.0.1", "127.0.0.2");
    try (Gateway gateway = Gateway.startIn(data, elsewhere)) {
      assertThat(named(status(gateway), "one").path("models").asInt()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theMachineIsLookedAtAndKept(Vendor vendor, @TempDir Path data) throws Exception {
    Hardware machine =
        new Hardware(
            "Linux test",
            new Cpu("Test CPU", 4, 8, null, List.of("avx2"), null),
            new Memory(16L << 30, 8L << 30, null, null, 40e9),
            List.of(),
            List.of(),
            Instant.parse("2026-01-02T03:04:05Z"));
    try (Gateway gateway =
        Gateway.startWith(
            beans -> {
              beans.registerBean(
                  "testProbe", HardwareProbe.class, () -> () -> machine, b -> b.setPrimary(true));
              beans.registerBean(
                  "testRecommender",
                  Recommender.class,
                  () -> (hardware, context) -> List.of(BEST),
                  b -> b.setPrimary(true));
            },
            vendor.newStore())) {
      JsonNode never = status(gateway);
      assertThat(never.path("hardware").isNull()).isTrue();
      assertThat(never.path("last_refresh").isNull()).isTrue();
      assertThat(texts(never.path("next_steps")).toString())
          .contains("never refreshed", "curl -X POST")
          .contains("OPENAI_API_KEY");

      JsonNode report = refresh(gateway, "");
      assertThat(report.path("object").asText()).isEqualTo("registry.refresh");
      assertThat(report.path("hardware").path("cpu").path("physical_cores").asInt()).isEqualTo(4);
      assertThat(report.path("recommendations").path(0).path("model").asText())
          .isEqualTo(BEST.model());
      JsonNode status = status(gateway);
      assertThat(status.path("hardware")).isEqualTo(report.path("hardware"));
      assertThat(status.path("recommendations")).isEqualTo(report.path("recommendations"));
      assertThat(status.path("last_refresh").path("id")).isEqualTo(report.path("id"));
      assertThat(refresh(gateway, "?provider=sim").path("hardware"))
          .isEqualTo(report.path("hardware"));
    }
  }

  @Test
  void progressIsStreamed() throws Exception {
    try (Lister one = new Lister("a");
        Gateway gateway = Gateway.start(one.settings("one"))) {
      awaitState(gateway, "one", "ok");
      one.gate = new CountDownLatch(1);
      HttpResponse<Stream<String>> first = stream(gateway, "");
      List<String> seen = new ArrayList<>();
      var lines = first.body().iterator();
      while (!seen.contains("event: provider")) {
        seen.add(lines.next());
      }
      HttpResponse<Stream<String>> leaving = stream(gateway, "");
      leaving.body().close();
      HttpResponse<Stream<String>> second = stream(gateway, "");
      one.gate.countDown();
      lines.forEachRemaining(seen::add);
      assertThat(seen.stream().filter("event: provider"::equals)).hasSize(2);
      List<String> joined = second.body().toList();
      assertThat(joined.stream().filter("event: provider"::equals)).hasSize(2);
      assertThat(joined).contains("event: hardware", "event: recommendations");
      assertThat(joined.get(joined.size() - 3)).isEqualTo("event: done");
      String done = joined.get(joined.size() - 2);
      assertThat(seen).contains(done);
      JsonNode report = Gateway.json(done.substring("data: ".length()));
      assertThat(named(report, "one").path("status").asText()).isEqualTo("ok");
      assertThat(one.asked).hasValue(2);
    }
  }

  /** The last event's data. */
  private static String done(HttpResponse<Stream<String>> events) {
    List<String> lines = events.body().toList();
    assertThat(lines.get(lines.size() - 3)).isEqualTo("event: done");
    return lines.get(lines.size() - 2);
  }

  private static HttpResponse<Stream<String>> stream(Gateway gateway, String query)
      throws Exception {
    HttpRequest request =
        gateway
            .request(REFRESH + query, "Accept", "text/event-stream")
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<Stream<String>> answer =
        gateway.client().send(request, HttpResponse.BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    return answer;
  }

  @Test
  void aRefusedKeyIsTheProvidersErrorAndANextStep() throws Exception {
    try (Lister one = new Lister("a");
        Gateway gateway = Gateway.start(one.settings("my-one"))) {
      awaitState(gateway, "my-one", "ok");
      one.status = 401;
      JsonNode failed = named(refresh(gateway, ""), "my-one");
      assertThat(failed.path("status").asText()).isEqualTo("failed");
      assertThat(failed.path("gone_count").asInt()).isZero();
      JsonNode status = status(gateway);
      assertThat(named(status, "my-one").path("error").asText()).contains("401");
      assertThat(texts(status.path("next_steps")).getFirst()).contains("MY_ONE_API_KEY");
      assertThat(status.toString()).doesNotContain("sk-upstream");
      String user = gateway.newKey("{\"name\":\"u\",\"models\":[\"sim/*\"]}").secret();
      HttpResponse<String> narrow = gateway.get(STATUS, "Authorization", "Bearer " + user);
      assertThat(narrow.statusCode()).isEqualTo(200);
      assertThat(narrow.body()).doesNotContain("my-one/a", one.provider.baseUrl());
      // What is told of the provider; scores and sizes elsewhere may have these digits.
      JsonNode told = Gateway.json(narrow.body());
      assertThat(named(told, "my-one").path("error").asText()).doesNotContain("401");
      assertThat(told.path("next_steps").toString()).doesNotContain("401");
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneWriteThatFailsFailsNothingElse(Vendor vendor) throws Exception {
    try (Lister one = new Lister("a");
        Lister two = new Lister("x");
        Gateway gateway =
            Gateway.start(
                Gateway.all(vendor.newStore(), one.settings("one"), two.settings("two")))) {
      awaitState(gateway, "one", "ok");
      awaitState(gateway, "two", "ok");
      JdbcClient rows = gateway.bean(JdbcClient.class);
      rows.sql("create unique index only_one on registry_models (provider) where provider = 'one'")
          .update();
      one.models = List.of("a", "b");
      rows.sql("alter table registry_hardware rename to away").update();
      JsonNode report = refresh(gateway, "");
      rows.sql("alter table away rename to registry_hardware").update();
      assertThat(named(report, "one").path("status").asText()).isEqualTo("failed");
      assertThat(named(report, "one").path("error").asText()).contains("could not be kept");
      assertThat(named(report, "two").path("status").asText()).isEqualTo("ok");
      assertThat(report.path("hardware").isNull()).isTrue();
      assertThat(texts(report.path("problems"))).singleElement().asString().contains("The machine");
      assertThat(status(gateway).path("last_refresh").path("id")).isEqualTo(report.path("id"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theKindIsKnownAfterARestartAndAFailure(Vendor vendor, @TempDir Path data) throws Exception {
    String[] settings;
    String kind;
    try (Lister one = new Lister("a")) {
      settings = Gateway.all(one.settings("one"), vendor.newStore());
      try (Gateway gateway = Gateway.startIn(data, settings)) {
        awaitState(gateway, "one", "ok");
        kind = named(refresh(gateway, ""), "one").path("kind").asText();
      }
    }
    assertThat(kind).isNotIn("local", "hosted", "sim");
    for (int start = 1; start <= 2; start++) {
      try (Gateway gateway = Gateway.startIn(data, settings)) {
        assertThat(named(status(gateway), "one").path("kind").asText()).isEqualTo(kind);
        assertThat(named(refresh(gateway, ""), "one").path("kind").asText()).isEqualTo(kind);
        assertThat(named(status(gateway), "one").path("kind").asText()).isEqualTo(kind);
      }
    }
  }

  @Test
  void refusesWhoMayNotAndWhatIsNot() throws IOException {
    try (Gateway gateway = Gateway.start()) {
      String user = gateway.newKey("{\"name\":\"u\"}").secret();
      String[] asUser = {"Authorization", "Bearer " + user};
      assertThat(gateway.get(STATUS, asUser).statusCode()).isEqualTo(200);
      assertThat(post(gateway, REFRESH, asUser).statusCode()).isEqualTo(403);
      for (String path : List.of(REFRESH, STATUS)) {
        String method = path.equals(REFRESH) ? "POST" : "GET";
        HttpRequest bare =
            HttpRequest.newBuilder(gateway.url(path))
                .method(method, BodyPublishers.noBody())
                .build();
        assertThat(gateway.send(bare).statusCode()).isEqualTo(401);
      }
      assertThat(gateway.get(REFRESH).statusCode()).isEqualTo(405);
      assertThat(post(gateway, STATUS).statusCode()).isEqualTo(405);
      HttpResponse<String> unknown = post(gateway, REFRESH + "?provider=simm");
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body()).contains("provider_not_found", "Did you mean 'sim'?");
      for (String query : List.of("?all", "?provider=sim&provider=sim")) {
        assertThat(post(gateway, REFRESH + query).statusCode()).as(query).isEqualTo(400);
      }
    }
  }
}
