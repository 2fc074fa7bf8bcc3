package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.config.ClassifySettings;
import io.iir.config.JudgeSettings;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.usage.LedgerWriter;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What clients say of answers is taken, learned from, used, and taken back. */
class FeedbackIT {

  /** So that nothing is fitted between a test's events. */
  static final String NO_SCHEDULE = "iir.classify.refit-every=0s";

  private static final Duration DAY = Duration.ofDays(1);
  private static final String EASY = "hello";
  private static final String HARD =
      "Prove step by step that there are infinitely many primes, then analyse the complexity of a"
          + " sieve in Python, compare three algorithms and derive their bounds. Explain why each"
          + " holds, with all assumptions, edge cases and a rigorous proof of correctness.";

  /** What holds on both databases. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class Kit {

    private FakeProvider provider;
    private Gateway gateway;
    private Gateway.NewKey key;
    private Gateway.NewKey other;

    abstract String[] settings();

    @BeforeAll
    void start() {
      provider = new FakeProvider(call -> call.completion("an answer", 3, 1));
      String[] own = {NO_SCHEDULE, "iir.classify.retry-within=5m", "iir.models[1].quality=0.8"};
      gateway = Gateway.start(Gateway.all(models(provider), settings(), own));
      key = gateway.newKey("{\"name\":\"one\",\"models\":[\"*\"]}");
      other = gateway.newKey("{\"name\":\"other\",\"models\":[\"*\"]}");
    }

    @AfterAll
    void stop() throws IOException {
      gateway.close();
      provider.close();
    }

    /** Another gateway's learning, which refits once a day. */
    private Learning scheduled(double target) {
      return new Learning(
          gateway.bean(FeedbackStore.class),
          new CalibrationStore(gateway.bean(DataSource.class)),
          gateway.bean(QualityGate.class),
          gateway.bean(LedgerWriter.class),
          gateway.bean(Classifier.class)::version,
          new ClassifySettings(
              null,
              ClassifySettings.THRESHOLD,
              ClassifySettings.Encoder.OFF,
              0,
              Duration.ofSeconds(1),
              1,
              0,
              DAY,
              DAY,
              Duration.ZERO,
              JudgeSettings.OFF),
          target,
          Clock.systemUTC());
    }

    private void theTurnWasTaken(Duration ago) {
      CalibrationStore versions = new CalibrationStore(gateway.bean(DataSource.class));
      assertThat(versions.takeTurn(Instant.now().minus(ago), Instant.now())).isTrue();
    }

    private String ask(String model, String text) {
      HttpResponse<String> answer =
          gateway.chat(
              "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                  .formatted(model, text),
              "Authorization",
              "Bearer " + key.secret());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.headers().firstValue("x-request-id").orElseThrow();
    }

    private HttpResponse<String> say(Gateway.NewKey who, String body) {
      return post("/v1/feedback", body, "Authorization", "Bearer " + who.secret());
    }

    private HttpResponse<String> say(String request, double score) {
      return say(key, "{\"request_id\":\"%s\",\"score\":%s}".formatted(request, score));
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
      return gateway.send(
          gateway
              .request(path, headers)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build());
    }

    private JsonNode explain(String text) {
      HttpResponse<String> answer =
          post(
              "/api/v1/explain",
              "{\"request\":{\"model\":\"auto/cost\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}}"
                  .formatted(text));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Gateway.json(answer.body());
    }

    @Test
    @Order(1)
    void itIsTakenAtOnceAndTheSecondReplacesTheFirst() {
      String request = ask("auto/cost", EASY);
      HttpResponse<String> first = say(request, 0.25);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      JsonNode taken = Gateway.json(first.body());
      assertThat(taken.path("model").asText()).isEqualTo("p/weak");
      assertThat(taken.path("complexity").asDouble()).isBetween(0.0, 1.0);
      HttpResponse<String> second =
          say(key, "{\"request_id\":\"%s\",\"score\":1,\"comment\":\"good\"}".formatted(request));
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(
              JdbcClient.create(gateway.bean(DataSource.class))
                  .sql("select score, comment, weak, strong, source, classifier from feedback")
                  .query()
                  .singleRow()
                  .values())
          .containsExactlyInAnyOrder(
              1.0,
              "good",
              "p/weak",
              "p/strong",
              "client",
              gateway.bean(Classifier.class).version());
    }

    @Test
    @Order(2)
    void anothersRequestIsAsUnknownAsNone() {
      String request = ask("auto/cost", EASY);
      HttpResponse<String> foreign =
          say(other, "{\"request_id\":\"%s\",\"score\":1}".formatted(request));
      HttpResponse<String> none = say(other, "{\"request_id\":\"none-such\",\"score\":1}");
      assertThat(foreign.statusCode()).isEqualTo(404);
      assertThat(foreign.body().replace(request, "none-such")).isEqualTo(none.body());
      assertThat(none.body()).contains("not_found", "'none-such'");
    }

    @Test
    @Order(3)
    void aRefusedRequestHasNoAnswer() {
      HttpResponse<String> refused =
          gateway.chat(
              "{\"model\":\"nobody/x\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
              "Authorization",
              "Bearer " + key.secret());
      assertThat(refused.statusCode()).isEqualTo(404);
      String request = refused.headers().firstValue("x-request-id").orElseThrow();
      assertThat(say(request, 1).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @Order(4)
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"request_id\":\"a\",\"score\":1.01} | score",
          "{\"request_id\":\"a\",\"score\":-0.1} | score",
          "{\"request_id\":\"a\",\"score\":\"1\"} | score",
          "{\"request_id\":\"a\",\"score\":1e999} | score",
          "{\"request_id\":\"a\",\"score\":null} | score",
          "{\"request_id\":\"a\"} | score",
          "{\"score\":1} | request_id",
          "{\"request_id\":7,\"score\":1} | request_id",
          "{\"request_id\":\"\",\"score\":1} | request_id",
          "{\"request_id\":\"a\",\"score\":1,\"comment\":[]} | comment",
          "{\"request_id\":\"a\",\"score\":1,\"rating\":5} | rating"
        })
    void aFieldThatIsWrongIsNamed(String body, String param) {
      HttpResponse<String> answer = say(key, body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      JsonNode error = Gateway.json(answer.body()).path("error");
      assertThat(error.path("param").asText()).isEqualTo(param);
      assertThat(error.path("message").asText()).contains("'" + param + "'");
    }

    @ParameterizedTest
    @Order(4)
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {"``", "[]", "{", "{} {}", "{\"score\":1,\"score\":0}"})
    void whatIsNoObjectIsRefused(String body) {
      assertThat(say(key, body).statusCode()).isEqualTo(400);
    }

    @Test
    @Order(5)
    void withoutAKeyItIsRefused() {
      assertThat(
              post(
                      "/v1/feedback",
                      "{\"request_id\":\"a\",\"score\":1}",
                      "Authorization",
                      "Bearer sk-none-such")
                  .statusCode())
          .isEqualTo(401);
      assertThat(
              gateway
                  .get("/api/v1/classifier", "Authorization", "Bearer " + key.secret())
                  .statusCode())
          .isEqualTo(403);
    }

    @Test
    @Order(5)
    void aKeySaysNoMoreThanItMayAsk() {
      Gateway.NewKey slow =
          gateway.newKey("{\"name\":\"slow\",\"models\":[\"*\"],\"limits\":{\"rpm\":2}}");
      String guess = "{\"request_id\":\"none-such\",\"score\":1}";
      HttpResponse<String> first = say(slow, guess);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(404);
      assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).hasValue("2");
      assertThat(say(slow, "{}").statusCode()).isEqualTo(400);
      HttpResponse<String> third = say(slow, guess);
      assertThat(third.statusCode()).as(third.body()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).isPresent();
      assertThat(third.body()).contains("rate_limit_exceeded", "'slow (feedback)'", "2 requests");
      assertThat(say(key, guess).statusCode()).isEqualTo(404);
      assertThat(
              gateway
                  .chat(
                      "{\"model\":\"p/weak\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                      "Authorization",
                      "Bearer " + slow.secret())
                  .statusCode())
          .isEqualTo(200);
    }

    @Test
    @Order(5)
    void whatTheShapeToldIsOnAnotherScale() {
      HttpResponse<String> answer =
          gateway.chat(
              "{\"model\":\"p/strong\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],"
                      .formatted(EASY)
                  + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}",
              "Authorization",
              "Bearer " + key.secret());
      String request = answer.headers().firstValue("x-request-id").orElseThrow();
      assertThat(answer.headers().firstValue("X-Classification").orElseThrow())
          .startsWith("function_calling;")
          .contains("stage=0;version=" + gateway.bean(Classifier.class).version());
      assertThat(say(request, 1).statusCode()).isEqualTo(200);
      JdbcClient sql = JdbcClient.create(gateway.bean(DataSource.class));
      assertThat(
              sql.sql("select classifier from feedback where request_id = :request")
                  .param("request", request)
                  .query(String.class)
                  .single())
          .isEqualTo(Classification.RULES);
      FeedbackStore events = gateway.bean(FeedbackStore.class);
      assertThat(events.events(Instant.EPOCH, gateway.bean(Classifier.class).version()))
          .isNotEmpty()
          .noneMatch(event -> event.model().equals("p/strong"));
    }

    @Test
    @Order(6)
    void aFewEventsMoveNothing() {
      HttpResponse<String> fitted = post("/api/v1/classifier/refit", "");
      assertThat(fitted.statusCode()).as(fitted.body()).isEqualTo(200);
      JsonNode pair = Gateway.json(fitted.body()).path("pairs").path(0);
      assertThat(pair.path("weak").asText()).isEqualTo("p/weak");
      assertThat(pair.path("strong").asText()).isEqualTo("p/strong");
      assertThat(pair.path("events").path("weak").asInt()).isEqualTo(1);
      assertThat(pair.path("threshold").isNull()).isTrue();
      assertThat(explain(HARD).path("chosen").path(0).path("model").asText()).isEqualTo("p/weak");
    }

    @Test
    @Order(7)
    void manyMoveTheHardRequestsToTheStrongModelAndRollbackTakesThemBack() {
      for (int i = 0; i < 60; i++) {
        say(ask("auto/cost", EASY), 1);
        say(ask("auto/cost", HARD), 0);
        say(ask("p/strong", HARD), 1);
      }
      JsonNode fitted = Gateway.json(post("/api/v1/classifier/refit", "").body());
      long version = fitted.path("version").asLong();
      JsonNode pair = fitted.path("pairs").path(0);
      double threshold = pair.path("threshold").asDouble();
      double hard = explain(HARD).path("classification").path("complexity").asDouble();
      double easy = explain(EASY).path("classification").path("complexity").asDouble();
      assertThat(threshold).isGreaterThan(easy).isLessThanOrEqualTo(hard);
      assertThat(pair.path("expected").path("quality_kept").asDouble()).isGreaterThan(0.95);
      assertThat(pair.path("curve")).hasSize(11);
      assertThat(pair.path("bins")).hasSize(10);

      assertThat(provider.calls()).isNotEmpty();
      provider.calls().clear();
      ask("auto/cost", HARD);
      ask("auto/cost", EASY);
      assertThat(
              provider.calls().stream()
                  .map(call -> Gateway.json(call.body()).path("model").asText()))
          .containsExactly("strong", "weak");

      JsonNode explained = explain(HARD);
      assertThat(explained.path("quality").path("asks").asText()).isEqualTo("strong");
      assertThat(explained.path("quality").path("strong_needed").asDouble()).isGreaterThan(0.5);
      assertThat(explained.path("chosen").path(0).path("model").asText()).isEqualTo("p/strong");
      assertThat(explain(EASY).path("quality").path("asks").asText()).isEqualTo("weak");

      JsonNode back = Gateway.json(post("/api/v1/classifier/rollback", "").body());
      assertThat(back.path("version").asLong()).isEqualTo(version - 1);
      assertThat(back.path("versions").path(0).path("outcome").asText()).isEqualTo("rolled_back");
      assertThat(explain(HARD).path("quality").path("asks").asText()).isEqualTo("weak");
      JsonNode none = Gateway.json(post("/api/v1/classifier/rollback", "").body());
      assertThat(none.path("version").isNull()).isTrue();
      HttpResponse<String> nothing = post("/api/v1/classifier/rollback", "");
      assertThat(nothing.statusCode()).isEqualTo(409);
      assertThat(nothing.body()).contains("no_earlier_version");
    }

    @Test
    @Order(8)
    void afterARollbackTheScheduleWaitsForACommand() {
      Learning learning = scheduled(0.95);
      JdbcClient sql = JdbcClient.create(gateway.bean(DataSource.class));
      sql.sql("delete from calibration_turn").update();
      learning.refitInTurn();
      assertThat(gateway.bean(QualityGate.class).live()).isNull();

      learning.refit("tester");
      long commanded = Objects.requireNonNull(gateway.bean(QualityGate.class).live()).number();
      learning.refitInTurn();
      assertThat(learning.versions().getFirst().number()).isEqualTo(commanded);
      sql.sql("delete from calibration_turn").update();
      learning.refitInTurn();
      Calibration scheduled = learning.versions().getFirst();
      assertThat(scheduled.source()).isEqualTo(Calibration.Source.SCHEDULE);
      assertThat(scheduled.number()).isEqualTo(commanded + 1);
      learning.refitInTurn();
      assertThat(learning.versions().getFirst().number()).isEqualTo(commanded + 1);
    }

    @Test
    @Order(9)
    void anotherTargetCountsSoon() {
      gateway.bean(Learning.class).refit("tester");
      long before = gateway.bean(Learning.class).versions().getFirst().number();
      Learning other = scheduled(0.8);
      theTurnWasTaken(Duration.ofMinutes(9));
      other.refitInTurn();
      assertThat(other.versions().getFirst().number()).isEqualTo(before);
      theTurnWasTaken(Duration.ofMinutes(11));
      scheduled(0.95).refitInTurn();
      assertThat(other.versions().getFirst().number()).isEqualTo(before);
      other.refitInTurn();
      assertThat(other.versions().getFirst().number()).isEqualTo(before + 1);
      assertThat(other.versions().getFirst().target()).isEqualTo(0.8);
      theTurnWasTaken(Duration.ofMinutes(11));
      other.refitInTurn();
      assertThat(other.versions().getFirst().number()).isEqualTo(before + 1);
    }

    @Test
    @Order(9)
    void aTurnThatFailedIsGivenBack() {
      JdbcClient sql = JdbcClient.create(gateway.bean(DataSource.class));
      Learning learning = scheduled(0.95);
      theTurnWasTaken(DAY);
      sql.sql("alter table calibrations rename to calibrations_away").update();
      try {
        assertThatThrownBy(learning::refitInTurn).isInstanceOf(DataAccessException.class);
      } finally {
        sql.sql("alter table calibrations_away rename to calibrations").update();
      }
      Instant taken =
          Instant.ofEpochMilli(
              sql.sql("select at from calibration_turn").query(Long.class).single());
      Duration wait = Duration.between(Instant.now(), taken.plus(DAY));
      assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(10));
    }

    @Test
    @Order(8)
    void whoTriesAgainOnAStrongerModelWasNotContent() {
      JdbcClient sql = JdbcClient.create(gateway.bean(DataSource.class));
      String weak = ask("auto/cost", "tried again");
      String strong = ask("p/strong", "tried again");
      await().until(() -> !retried(sql, weak).isEmpty());
      assertThat(retried(sql, weak)).containsExactly(0.0);

      String alsoWeak = ask("p/weak", "tried for quality");
      ask("auto/quality", "tried for quality");
      await().until(() -> !retried(sql, alsoWeak).isEmpty());

      ask("p/weak", "tried again"); // a weaker one says nothing of the stronger one's answer
      String content = ask("auto/cost", "said good");
      say(content, 1);
      ask("p/strong", "said good"); // its client has said what it was worth
      String other = ask("auto/cost", "the same");
      ask("p/strong", "not quite the same");
      String last = ask("auto/cost", "at last");
      ask("p/strong", "at last");
      await().until(() -> !retried(sql, last).isEmpty()); // those before were written before
      assertThat(retried(sql, strong)).isEmpty();
      assertThat(retried(sql, content)).isEmpty();
      assertThat(retried(sql, other)).isEmpty();
    }

    private static List<Double> retried(JdbcClient sql, String request) {
      return sql.sql("select score from feedback where source = 'retry' and request_id = :id")
          .param("id", request)
          .query(Double.class)
          .list();
    }

    @Test
    @Order(9)
    void theAdministratorSeesSharesOfCategories() {
      JsonNode drift = Gateway.json(gateway.get("/api/v1/classifier").body()).path("drift");
      assertThat(drift.path("requests").path("last_day").asLong()).isGreaterThan(120);
      assertThat(drift.path("distance").asDouble()).isBetween(0.0, 1.0);
      assertThat(drift.path("categories")).isNotEmpty();
    }

    @Test
    @Order(9)
    void theAdministratorSeesWhatTheClassifiersTrainerMeasured() {
      JsonNode model = Gateway.json(gateway.get("/api/v1/classifier").body()).path("model");
      assertThat(model.path("version").asText())
          .isEqualTo(gateway.bean(Classifier.class).version())
          .isNotEqualTo("rules");
      assertThat(model.path("held_back").path("confusion"))
          .hasSameSizeAs(model.path("categories"))
          .isNotEmpty();
      assertThat(model.path("held_back").path("accuracy").asDouble()).isBetween(0.5, 1.0);
      assertThat(model.has("sections")).isFalse();
    }

    @Test
    @Order(10)
    void whatBelongsToAnotherClassifierIsNotUsed() {
      Learning learning = gateway.bean(Learning.class);
      QualityGate gate = gateway.bean(QualityGate.class);
      JdbcClient sql = JdbcClient.create(gateway.bean(DataSource.class));
      learning.refit("tester");
      assertThat(explain(HARD).path("quality").path("asks").asText()).isEqualTo("strong");
      sql.sql("update calibrations set classifier = '1-other'").update();
      learning.follow();
      assertThat(gate.live()).isNull();
      assertThat(explain(HARD).path("quality").path("asks").asText()).isEqualTo("weak");
      assertThat(post("/api/v1/classifier/rollback", "").statusCode()).isEqualTo(409);

      sql.sql("update feedback set classifier = '1-other'").update();
      HttpResponse<String> nothing = post("/api/v1/classifier/refit", "");
      assertThat(nothing.statusCode()).isEqualTo(409);
      assertThat(nothing.body()).contains("no_feedback");
    }
  }

  /** A cheap model and a dear one of one provider. */
  static String[] models(FakeProvider provider) {
    return new String[] {
      "iir.providers.p.protocol=openai",
      "iir.providers.p.base-url=" + provider.baseUrl(),
      "iir.providers.p.api-key=sk-upstream",
      "iir.providers.p.models=weak,strong",
      "iir.models[0].id=p/weak",
      "iir.models[0].price.input=0.1",
      "iir.models[0].price.output=0.3",
      "iir.models[1].id=p/strong",
      "iir.models[1].price.input=5",
      "iir.models[1].price.output=15",
      "iir.limits.default.rpm=1000000",
      "iir.limits.default.tpm=1000000000",
      "iir.cache.enabled=false"
    };
  }

  @Nested
  class OnSqlite extends Kit {
    @Override
    String[] settings() {
      return new String[0];
    }
  }

  @Nested
  class OnPostgres extends Kit {
    @Override
    String[] settings() {
      return new String[] {PostgresServer.shared().setting()};
    }
  }
}
