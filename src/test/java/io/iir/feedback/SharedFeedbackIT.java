package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.config.IirProperties;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import io.iir.usage.LedgerWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is learned outlives a gateway, and is shared by those on one database. */
class SharedFeedbackIT {

  private static String ask(Gateway gateway, String model) {
    HttpResponse<String> answer =
        gateway.chat(
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(model));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private static HttpResponse<String> say(Gateway gateway, String request) {
    return gateway.send(
        gateway
            .request("/v1/feedback")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"request_id\":\"%s\",\"score\":0}".formatted(request)))
            .build());
  }

  @Test
  void anotherGatewayTakesItAndFollows() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("an answer", 3, 1))) {
      String[] settings =
          Gateway.all(
              FeedbackIT.models(provider),
              new String[] {PostgresServer.shared().setting(), FeedbackIT.NO_SCHEDULE});
      try (Gateway one = Gateway.start(settings);
          Gateway two = Gateway.start(settings)) {
        String request = ask(one, "auto/cost");
        await().until(() -> say(two, request).statusCode() == 200);
        long made = Objects.requireNonNull(two.bean(Learning.class).refit("tester")).number();
        one.bean(Learning.class).follow();
        assertThat(Objects.requireNonNull(one.bean(QualityGate.class).live()).number())
            .isEqualTo(made);
        one.bean(Learning.class).rollBack();
        two.bean(Learning.class).follow();
        assertThat(two.bean(QualityGate.class).live()).isNull();
      }
    }
  }

  @Test
  void aRestartGoesOnWithTheVersionInUseAndTakesFeedbackOfAnswersFromBefore(@TempDir Path data)
      throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("an answer", 3, 1))) {
      String[] settings =
          Gateway.all(FeedbackIT.models(provider), new String[] {FeedbackIT.NO_SCHEDULE});
      String request;
      long made;
      try (Gateway before = Gateway.startIn(data, settings)) {
        say(before, ask(before, "auto/cost"));
        made = Objects.requireNonNull(before.bean(Learning.class).refit("tester")).number();
        request = ask(before, "auto/cost");
      }
      try (Gateway after = Gateway.startIn(data, settings)) {
        QualityGate gate = after.bean(QualityGate.class);
        await().until(() -> gate.live() != null);
        assertThat(Objects.requireNonNull(gate.live()).number()).isEqualTo(made);
        assertThat(say(after, request).statusCode()).isEqualTo(200);
        JdbcClient sql = JdbcClient.create(after.bean(javax.sql.DataSource.class));
        sql.sql("update usage_ledger set at = :old")
            .param("old", Instant.now().minus(Duration.ofDays(8)).toEpochMilli())
            .update();
        assertThat(say(after, request).statusCode()).isEqualTo(404);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneOfManyHasTheTurn(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      Instant now = Instant.now();
      for (int day = 0; day < 3; day++) {
        Instant then = now.plus(Duration.ofDays(day));
        List<Callable<Boolean>> gateways = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          CalibrationStore versions = new CalibrationStore(store.pool());
          gateways.add(() -> versions.takeTurn(then, then.minus(Duration.ofHours(24))));
        }
        int turns = 0;
        for (Future<Boolean> turn : many.invokeAll(gateways)) {
          turns += turn.get() ? 1 : 0;
        }
        assertThat(turns).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerIsFoundByAnIndex(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        var connection = store.pool().getConnection();
        var statement = connection.createStatement()) {
      if (vendor == Vendor.POSTGRESQL) { // which reads through small tables, index or not
        statement.execute("set enable_seqscan = off");
      }
      String explain = vendor == Vendor.SQLITE ? "explain query plan " : "explain ";
      List<String> plan = new ArrayList<>();
      try (var row =
          statement.executeQuery(
              explain
                  + FeedbackStore.FIND
                      .replace(":request", "'a'")
                      .replace(":key", "'b'")
                      .replace(":since", "1"))) {
        while (row.next()) {
          plan.add(row.getString(vendor == Vendor.SQLITE ? 4 : 1));
        }
      }
      assertThat(plan).anyMatch(step -> step.contains("usage_ledger_by_request"));
      assertThat(plan)
          .anyMatch(step ->
              step.replace("'b'::text", "?")
                  .replace("'a'::text", "?")
                  .matches(".*key_id ?= ?\\?.*request_id ?= ?\\?.*at ?>.*"));
    }
  }

  @Test
  void whatIsTooOldGoesEvenWhereNothingRefits(@TempDir Path data) throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("an answer", 3, 1));
        Gateway gateway =
            Gateway.startIn(
                data,
                Gateway.all(
                    FeedbackIT.models(provider), new String[] {"iir.classify.refit-every=0s"}))) {
      FeedbackStore events = gateway.bean(FeedbackStore.class);
      Instant now = Instant.now();
      events.failed(
          FeedbackStoreIT.answers("key", "p/weak", "1-a", 700),
          now.minus(Duration.ofDays(91)).toEpochMilli());
      events.failed(
          FeedbackStoreIT.answers("other", "p/weak", "1-a", 3),
          now.minus(Duration.ofDays(89)).toEpochMilli());
      Learning learning =
          new Learning(
              events,
              new CalibrationStore(gateway.bean(javax.sql.DataSource.class)),
              gateway.bean(QualityGate.class),
              gateway.bean(LedgerWriter.class),
              () -> "1-a",
              gateway.bean(IirProperties.class).classify(),
              0.95,
              Clock.systemUTC());
      learning.refitInTurn();
      assertThat(learning.events()).isLessThanOrEqualTo(203);
      learning.refitInTurn();
      assertThat(learning.events()).isEqualTo(3);
      assertThat(learning.versions()).isEmpty();
    }
  }
}
