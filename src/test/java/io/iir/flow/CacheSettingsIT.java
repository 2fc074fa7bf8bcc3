package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The cache where it is not set as it comes. */
class CacheSettingsIT {

  private static final String ASK =
      "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}]}";
  private static final String STREAM = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");

  @TempDir private Path folder;
  private final CountDownLatch hold = new CountDownLatch(1);
  private FakeProvider provider;

  /** Answers begin at once and end when they may. */
  @BeforeEach
  void startProvider() {
    provider =
        new FakeProvider(call -> {
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            call.token("Hello there");
            hold.await();
            call.endStream(5, 2);
          } else {
            hold.await();
            call.completion("Hello there", 5, 2);
          }
        });
  }

  @AfterEach
  void stopProvider() throws IOException {
    hold.countDown();
    provider.close();
  }

  private Gateway gateway(String... settings) {
    return Gateway.start(
        Gateway.all(Gateway.provider("fake", provider.baseUrl()), Crowd.LIMITS, settings));
  }

  private static void expect(String result, Gateway gateway, String ask) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-iir-cache")).isEqualTo(result);
      client.rest();
    }
  }

  @Test
  void temperaturesUpToTheHighestAreCached() throws Exception {
    hold.countDown();
    try (Gateway gateway = gateway("iir.cache.max-temperature=0.5")) {
      String highest = ASK.replace("{\"model\"", "{\"temperature\":0.5,\"model\"");
      expect("miss", gateway, highest);
      expect("hit", gateway, highest);
      String above = ASK.replace("{\"model\"", "{\"temperature\":0.51,\"model\"");
      expect("bypass", gateway, above);
      expect("bypass", gateway, above);
    }
    assertThat(provider.calls()).hasSize(3);
  }

  @Test
  void nobodyWaitsWhereEachIsToAskByItself() throws Exception {
    try (Gateway gateway = gateway("iir.cache.coalesce=false");
        Crowd crowd = new Crowd()) {
      for (int i = 0; i < 3; i++) {
        crowd.ask(gateway, ASK);
      }
      await().until(() -> provider.calls().size() == 3);
      assertThat(Crowd.waiting(gateway)).isZero();
      hold.countDown();
      assertThat(crowd.answers())
          .allMatch(answer -> answer.status() == 200 && "miss".equals(answer.cache()));
      expect("hit", gateway, ASK);
    }
    assertThat(provider.calls()).hasSize(3);
  }

  @Test
  void nobodyWaitsForAnAnswerThatTheRulesDoNotLetBeKept() throws Exception {
    RuleFolder rules =
        new RuleFolder(folder)
            .write(
                """
                - route:
                    id: provider-choice
                    group: rules
                    from:
                      uri: direct:provider-choice
                      steps:
                        - setVariable: {name: targets, constant: fake/m}
                        - setVariable: {name: cacheTtl, constant: 0s}
                """);
    try (Gateway gateway = gateway(rules.settings());
        Crowd crowd = new Crowd()) {
      crowd.ask(gateway, ASK);
      await().until(() -> provider.calls().size() == 1);
      for (int i = 0; i < 3; i++) {
        crowd.ask(gateway, ASK);
      }
      await().until(() -> Crowd.waiting(gateway) == 3);
      hold.countDown();
      assertThat(crowd.answers())
          .allMatch(answer -> answer.status() == 200 && "miss".equals(answer.cache()));
      expect("miss", gateway, ASK);
    }
    assertThat(provider.calls()).hasSize(5);
  }

  @Test
  void whoHasWaitedLongEnoughGoesOnByItself() throws Exception {
    try (Gateway gateway = gateway("iir.failover.total=1s");
        Crowd crowd = new Crowd()) {
      crowd.ask(gateway, STREAM); // it has begun, and may go on
      await().until(() -> provider.calls().size() == 1);
      crowd.ask(gateway, STREAM);
      await().until(() -> provider.calls().size() == 2);
      assertThat(Crowd.waiting(gateway)).isZero();
      hold.countDown();
      List<Crowd.Answer> answers = crowd.answers();
      assertThat(answers)
          .allMatch(answer -> answer.status() == 200 && "miss".equals(answer.cache()))
          .allMatch(answer -> answer.body().contains("[DONE]"));
    }
  }

  @Test
  void clearingIsInTheAuditLog() throws Exception {
    try (Gateway gateway = gateway()) {
      assertThat(clear(gateway, "?team=search&model=fake/*")).isEqualTo(200);
      assertThat(clear(gateway, "?teem=search")).isEqualTo(400);
      assertThat(
              gateway
                  .bean(JdbcClient.class)
                  .sql("select actor, subject, detail from audit_log where action = 'cache.clear'")
                  .query()
                  .singleRow())
          .containsEntry("actor", "key_admin")
          .containsEntry("subject", "cache")
          .containsEntry("detail", "{\"team\":\"search\",\"model\":\"fake/*\"}");
    }
  }

  private static int clear(Gateway gateway, String query) {
    return gateway.send(gateway.request("/api/v1/cache" + query).DELETE().build()).statusCode();
  }
}
