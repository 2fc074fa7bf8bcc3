package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sampled answers are compared with another model's by a judge, and nothing else is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeIT {

  private static final String QUESTION = "Why is the sky blue at noon?";
  private static final String BETTER = "the best answer";
  private static final String WORSE = "an answer";
  private static final String[] JUDGE = {
    "iir.classify.judge.model=j/judge",
    "iir.classify.judge.sample=1",
    "iir.classify.judge.max-concurrent=1",
    "iir.classify.judge.max-queued=1",
    "iir.classify.judge.pairs[0].weak=p/named",
    "iir.classify.judge.pairs[0].strong=p/strong"
  };

  private FakeProvider provider;
  private FakeProvider judge;
  private Gateway gateway;
  private Gateway.NewKey key;
  private JdbcClient sql;

  /** What the judge says to what it is asked. */
  private volatile UnaryOperator<String> verdict = JudgeIT::whicheverIsBetter;

  @BeforeAll
  void start() {
    provider = new FakeProvider(JudgeIT::answer);
    judge = new FakeProvider(this::judge);
    String[] own = {
      "iir.models[1].quality=0.8",
      "iir.providers.p.models=named",
      "iir.models[2].id=p/named",
      "iir.models[2].price.input=7",
      "iir.models[2].price.output=20",
      "iir.models[2].quality=0.1",
      FeedbackIT.NO_SCHEDULE
    };
    gateway =
        Gateway.start(
            Gateway.all(
                FeedbackIT.models(provider), Gateway.provider("j", judge.baseUrl()), own, JUDGE));
    key = gateway.newKey("{\"name\":\"one\",\"models\":[\"*\"]}");
    sql = JdbcClient.create(gateway.bean(DataSource.class));
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    judge.close();
    provider.close();
  }

  @BeforeEach
  void forget() {
    verdict = JudgeIT::whicheverIsBetter;
    provider.behave(JudgeIT::answer);
    provider.calls().clear();
    judge.calls().clear();
    sql.sql("delete from feedback").update();
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    JsonNode asked = Gateway.json(call.body());
    String text = asked.path("model").asText().equals("strong") ? BETTER : WORSE;
    if (asked.path("stream").asBoolean()) {
      call.beginStream();
      for (String word : text.split("(?<= )", -1)) {
        call.token(word);
      }
      call.endStream(3, 2);
    } else {
      call.completion(text, 3, 2);
    }
  }

  private void judge(FakeProvider.Call call) throws IOException {
    call.completion(verdict.apply(call.body()), 100, 10);
  }

  private static String whicheverIsBetter(String asked) {
    return asked.indexOf(BETTER) < asked.lastIndexOf(WORSE)
        ? "A is fuller. My verdict: [[A]]"
        : "Not [[A]] by far. [[B]]";
  }

  private String ask(String body, String... headers) {
    return ask(gateway, body, Gateway.all(new String[] {"Authorization", bearer()}, headers));
  }

  private String bearer() {
    return "Bearer " + key.secret();
  }

  private static String ask(Gateway gateway, String body, String... headers) {
    HttpResponse<String> answer = gateway.chat(body, headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private static String chat(String model, String more) {
    return "{\"model\":\"%s\"%s,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
            .formatted(model, more)
        + "{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(QUESTION);
  }

  private double count(String outcome) {
    return gateway
        .bean(MeterRegistry.class)
        .get("iir.judge.comparisons")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  /** Has {@code request} made, whose comparison ends with {@code outcome}. */
  private void until(String outcome, Runnable request) {
    double before = count(outcome);
    request.run();
    await().until(() -> count(outcome) == before + 1);
  }

  private List<Map<String, Object>> events() {
    return sql.sql(
            "select request_id, key_id, model, score, source, weak, strong from feedback"
                + " order by score")
        .query()
        .listOfRows();
  }

  private static List<String> models(FakeProvider provider) {
    return provider.calls().stream()
        .map(call -> Gateway.json(call.body()).path("model").asText())
        .toList();
  }

  @Test
  void offByDefault() throws IOException {
    String[] off = {"iir.models[1].quality=0.8", FeedbackIT.NO_SCHEDULE};
    try (Gateway plain =
        Gateway.start(
            Gateway.all(
                FeedbackIT.models(provider), Gateway.provider("j", judge.baseUrl()), off))) {
      ask(plain, chat("auto/cost", ""));
      ask(plain, chat("auto/cost", ",\"stream\":true"));
    }
    assertThat(models(provider)).containsExactly("weak", "weak");
    assertThat(judge.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void theOtherModelIsAskedTheSameAndTheJudgeBothWays(boolean stream) {
    String more = ",\"user\":\"joe\",\"top_p\":0.5,\"stream\":" + stream;
    String[] request = new String[1];
    until("strong", () -> request[0] = ask(chat("auto/cost", more)));

    assertThat(models(provider)).containsExactly("weak", "strong");
    JsonNode other = Gateway.json(provider.calls().getLast().body());
    assertThat(other.path("top_p").asDouble()).isEqualTo(0.5);
    assertThat(other.has("user")).isFalse();
    assertThat(other.path("stream").asBoolean()).isFalse();
    assertThat(other.path("messages")).hasSize(2);

    assertThat(judge.calls()).hasSize(2);
    String first = asked(0);
    String second = asked(1);
    assertThat(first).contains("system: Be brief.", "user: " + QUESTION, WORSE, BETTER);
    assertThat(first.indexOf(WORSE)).isLessThan(first.indexOf(BETTER));
    assertThat(second.indexOf(BETTER)).isLessThan(second.indexOf(WORSE));
    assertThat(judge.calls().getFirst().body()).contains("[[A]]").doesNotContain("joe");

    assertThat(events())
        .containsExactly(event(request[0], "p/weak", 0), event(request[0], "p/strong", 1));
  }

  private String asked(int call) {
    return Gateway.json(judge.calls().get(call).body())
        .path("messages")
        .path(1)
        .path("content")
        .asText();
  }

  private Map<String, Object> event(String request, String model, double score) {
    return Map.of(
        "request_id",
        request,
        "key_id",
        key.id(),
        "model",
        model,
        "score",
        score,
        "source",
        "judge",
        "weak",
        "p/weak",
        "strong",
        "p/strong");
  }

  @Test
  void itIsOnTheGatewaysOwnAccount() {
    until("strong", () -> ask(chat("auto/cost", "")));
    JsonNode rows = Gateway.json(gateway.get("/api/v1/usage/requests?limit=4").body()).path("data");
    assertThat(rows)
        .extracting(row -> row.path("key").asText() + " " + row.path("model").asText())
        .as(rows.toString())
        .containsExactlyInAnyOrder(
            key.id() + " p/weak", "key_judge p/strong", "key_judge j/judge", "key_judge j/judge");
    assertThat(rows)
        .filteredOn(row -> row.path("key").asText().equals("key_judge"))
        .allSatisfy(row -> {
          assertThat(row.path("route").asText()).isEqualTo("judge");
          assertThat(row.path("prompt_tokens").asInt()).isPositive();
        });
  }

  @Test
  void aConversationInAnotherApiIsAskedAsAChat() {
    until(
        "strong",
        () -> {
          HttpResponse<String> answer =
              gateway.send(
                  gateway
                      .request("/v1/messages", "Authorization", bearer())
                      .header("Content-Type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"model\":\"auto/cost\",\"max_tokens\":50,\"top_k\":5,\"system\":\"Be"
                                  + " brief.\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                      .formatted(QUESTION)))
                      .build());
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        });
    JsonNode first = Gateway.json(provider.calls().getFirst().body());
    JsonNode other = Gateway.json(provider.calls().getLast().body());
    assertThat(other.path("messages")).isEqualTo(first.path("messages"));
    assertThat(other.path("model").asText()).isEqualTo("strong");
    assertThat(asked(0)).contains("system: Be brief.", "user: " + QUESTION, WORSE, BETTER);
  }

  @Test
  void whenItStopsItsCallIsAborted() throws IOException {
    CountDownLatch left = new CountDownLatch(1);
    judge.behave(call -> {
      call.awaitLeaving();
      left.countDown();
    });
    String[] more = {"iir.models[1].quality=0.8", FeedbackIT.NO_SCHEDULE};
    try (Gateway stopping =
        Gateway.start(
            Gateway.all(
                FeedbackIT.models(provider),
                Gateway.provider("j", judge.baseUrl()),
                JUDGE,
                more))) {
      ask(stopping, chat("auto/cost", ""));
      await().until(() -> judge.calls().size() == 1);
      stopping.bean(Judge.class).stop();
      await().until(() -> left.getCount() == 0);
      await() // an abort is no defect, and none of a client's
          .untilAsserted(() ->
              assertThat(
                      Gateway.json(stopping.get("/api/v1/usage/requests?limit=4").body())
                          .path("data"))
                  .extracting(row -> row.path("key").asText() + " " + row.path("outcome").asText())
                  .containsExactlyInAnyOrder(
                      "key_admin success", "key_judge success", "key_judge client_left"));
    } finally {
      judge.behave(this::judge);
    }
  }

  @Test
  void itIsNoClientsRequest() {
    until("strong", () -> ask(chat("auto/cost", "")));
    assertThat(gateway.bean(MeterRegistry.class).get("iir.requests").counters())
        .isNotEmpty()
        .noneMatch(counter -> "judge".equals(counter.getId().getTag("route")));
  }

  @Test
  void itsBudgetEndsIt() throws IOException {
    String[] more = {
      "iir.models[1].quality=0.8",
      "iir.models[2].id=j/judge",
      "iir.models[2].price.input=1",
      "iir.models[2].price.output=1",
      "iir.classify.judge.budget.usd=0.000000001",
      FeedbackIT.NO_SCHEDULE
    };
    try (Gateway poor =
        Gateway.start(
            Gateway.all(
                FeedbackIT.models(provider),
                Gateway.provider("j", judge.baseUrl()),
                JUDGE,
                more))) {
      ask(poor, chat("auto/cost", ""));
      Counter failed =
          poor.bean(MeterRegistry.class)
              .get("iir.judge.comparisons")
              .tag("outcome", "failed")
              .counter();
      await().until(() -> failed.count() == 1);
    }
    assertThat(models(provider)).containsExactly("weak");
  }

  @Test
  void whoeverContradictsHimselfSeesATie() {
    verdict = asked -> "[[A]]";
    until("tie", () -> ask(chat("auto/cost", "")));
    assertThat(events()).extracting(row -> row.get("score")).containsExactly(1.0, 1.0);
  }

  @Test
  void nonsenseIsCountedAndKeptNowhere() {
    verdict = asked -> "Both are fine, [A] or [B].";
    until("unreadable", () -> ask(chat("auto/cost", "")));
    assertThat(judge.calls()).hasSize(1);
    assertThat(events()).isEmpty();
  }

  @Test
  void aProvidersFailureHarmsNothing() {
    provider.behave(call -> {
      if (Gateway.json(call.body()).path("model").asText().equals("strong")) {
        call.json(400, "{\"error\":{\"message\":\"no\"}}");
      } else {
        answer(call);
      }
    });
    until("failed", () -> ask(chat("auto/cost", "")));
    assertThat(judge.calls()).isEmpty();
    provider.behave(JudgeIT::answer);
    until("strong", () -> ask(chat("auto/cost", "")));
    assertThat(events()).hasSize(2);
  }

  @Test
  void whereTooManyWaitTheRestIsDropped() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    verdict =
        body -> {
          asked.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return whicheverIsBetter(body);
        };
    double before = count("strong");
    ask(chat("auto/cost", ""));
    await().until(() -> asked.getCount() == 0);
    ask(chat("auto/cost", ""));
    until("dropped", () -> ask(chat("auto/cost", "")));
    go.countDown();
    await().until(() -> count("strong") == before + 2);
    assertThat(events()).hasSize(4);
  }

  @Test
  void whatMayNotBeSentIsNot() {
    Gateway.NewKey limited = gateway.newKey("{\"name\":\"few\",\"models\":[\"p/*\"]}");
    Gateway.NewKey off =
        gateway.newKey("{\"name\":\"off\",\"models\":[\"*\"],\"tags\":{\"judge\":\"off\"}}");
    String plain = chat("auto/cost", "");
    ask(plain, "Cache-Control", "no-store");
    ask(gateway, plain, "Authorization", "Bearer " + limited.secret());
    ask(gateway, plain, "Authorization", "Bearer " + off.secret());
    ask(chat("auto/cost", ",\"n\":2"));
    ask(chat("auto/cost", ",\"models\":[\"other\"]"));
    ask(
        "{\"model\":\"auto/cost\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
            + "\"text\":\"Who speaks?\"},{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"\","
            + "\"format\":\"wav\"}}]}]}");
    ask(
        chat(
            "auto/cost",
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]"));
    ask(chat("p/weak", "")); // named by its client, and of no pair that is set
    assertThat(models(provider)).hasSize(8).containsOnly("weak");
    until("strong", () -> ask(plain));
    assertThat(models(provider)).hasSize(10);
    assertThat(judge.calls()).hasSize(2);
  }

  @Test
  void whatABudgetCutsIsNot() {
    Gateway.NewKey careful =
        gateway.newKey(
            "{\"name\":\"careful\",\"models\":[\"*\"],\"budget\":{\"usd\":1,\"period\":\"total\"}}");
    provider.behave(call ->
        call.json(
            200,
            """
            {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"an an"},"finish_reason":"length"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\
            """));
    ask(gateway, chat("auto/cost", ""), "Authorization", "Bearer " + careful.secret());
    assertThat(Gateway.json(provider.calls().getFirst().body()).has("max_tokens")).isTrue();
    provider.behave(JudgeIT::answer);
    until("strong", () -> ask(chat("auto/cost", "")));
    assertThat(models(provider)).containsExactly("weak", "weak", "strong");
  }

  @Test
  void whatAnotherThanThePairHasAnsweredOrEndedIsNot(@TempDir Path routes) throws IOException {
    String[] more = {
      "iir.backend.resume=true", "iir.providers.p.models=named", FeedbackIT.NO_SCHEDULE
    };
    try (FakeProvider other = new FakeProvider(JudgeIT::answer);
        Gateway failing =
            Gateway.start(
                Gateway.all(
                    FeedbackIT.models(provider),
                    Gateway.provider("j", judge.baseUrl()),
                    Gateway.provider("q", other.baseUrl()),
                    Rules.choosing(routes, "p/named, q/m"),
                    JUDGE,
                    more))) {
      provider.behave(call -> call.json(404, "{\"error\":{\"message\":\"no\"}}"));
      ask(failing, chat("auto", ""));
      provider.behave(call -> {
        call.beginStream();
        call.token("It begins");
        call.close();
      });
      ask(failing, chat("auto", ",\"stream\":true"));
      assertThat(other.calls()).hasSize(2);
      provider.behave(JudgeIT::answer);
      ask(failing, chat("auto", ""));
      await().until(() -> judge.calls().size() == 2);
    }
    assertThat(models(provider)).containsExactly("named", "named", "named", "strong");
  }

  @Test
  void aPairThatIsSetIsComparedWhoeverChose() {
    until("strong", () -> ask(chat("p/strong", "")));
    assertThat(models(provider)).containsExactly("strong", "named");
    assertThat(events())
        .extracting(row -> row.get("model") + " " + row.get("score") + " " + row.get("weak"))
        .containsExactly("p/named 0.0 p/named", "p/strong 1.0 p/named");
  }

  @Test
  void theFitCountsItAndItsClientKnowsBetter() {
    String[] request = new String[1];
    until("strong", () -> request[0] = ask(chat("auto/cost", "")));
    Calibration fitted = Objects.requireNonNull(gateway.bean(Learning.class).refit("tester"));
    PairCalibration pair = Objects.requireNonNull(fitted.of(new Pair("p/weak", "p/strong")));
    assertThat(pair.weakEvents()).isEqualTo(1);
    assertThat(pair.strongEvents()).isEqualTo(1);
    assertThat(pair.weakQuality().at(0.1)).isLessThan(pair.strongQuality().at(0.1));

    HttpResponse<String> said =
        gateway.send(
            gateway
                .request("/v1/feedback", "Authorization", bearer())
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"request_id\":\"%s\",\"score\":0.75}".formatted(request[0])))
                .build());
    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
    assertThat(events())
        .extracting(row -> row.get("model") + " " + row.get("score") + " " + row.get("source"))
        .containsExactly("p/weak 0.75 client", "p/strong 1.0 judge");
  }
}
