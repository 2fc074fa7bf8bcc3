package io.iir.flow;

import static io.iir.testing.Gateway.all;
import static io.iir.testing.Gateway.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.AdminAccess;
import io.iir.idempotency.Fingerprint;
import io.iir.idempotency.IdempotencyKey;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import io.iir.testing.PostgresServer;
import io.iir.testing.RawHttp;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two gateways on one PostgreSQL answer a request with an Idempotency-Key once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyReplicasIT {

  private static final String WHOLE =
      """
      {"model":"p/m","messages":[{"role":"user","content":"hi"}]}\
      """;
  private static final String STREAM =
      """
      {"model":"p/m","stream":true,"messages":[{"role":"user","content":"hi"}]}\
      """;
  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotent-Replayed";

  private final FakeProvider provider = new FakeProvider(call -> call.completion("one", 3, 1));
  private Gateway one;
  private Gateway two;

  @BeforeAll
  void start() {
    String[] settings =
        all(
            provider("p", provider.baseUrl()),
            new String[] {PostgresServer.shared().setting(), "iir.cache.enabled=false"});
    one = Gateway.start(settings);
    two = Gateway.start(settings);
  }

  @AfterEach
  void forget() {
    provider.behave(call -> call.completion("one", 3, 1));
    provider.calls().clear();
  }

  @AfterAll
  void stop() throws IOException {
    one.close();
    two.close();
    provider.close();
  }

  @Test
  void theOtherGatewayGivesTheAnswerAgain() {
    HttpResponse<String> first = one.chat(WHOLE, KEY, "after");
    await().until(() -> header(one.chat(WHOLE, KEY, "after"), REPLAYED).equals("true"));
    HttpResponse<String> again = two.chat(WHOLE, KEY, "after");

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(header(again, REPLAYED)).isEqualTo("true");
    assertThat(two.chat(WHOLE.replace("hi", "ho"), KEY, "after").statusCode()).isEqualTo(422);
    assertThat(provider.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, STREAM})
  void manyAtBothAreOneCall(String body) {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      go.await();
      answer(call, body);
    });
    String key = "both-" + body.length();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(send(i % 2 == 0 ? one : two, body, key));
    }
    await().until(() -> provider.calls().size() == 1);
    go.countDown();

    List<HttpResponse<String>> all = answers.stream().map(CompletableFuture::join).toList();
    assertThat(all).allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
    assertThat(all.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(provider.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, STREAM})
  void aClientThatLeavesOneGetsItsAnswerFromTheOther(String body) throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      go.await();
      answer(call, body);
    });
    String key = "leaves-" + body.length();
    try (RawHttp client = new RawHttp(one.port())) {
      client.send(raw(body, key));
      await().until(() -> provider.calls().size() == 1);
    }
    CompletableFuture<HttpResponse<String>> back = send(two, body, key);
    go.countDown();

    assertThat(back.join().statusCode()).isEqualTo(200);
    assertThat(back.join().body()).contains("done");
    assertThat(header(back.join(), REPLAYED)).isEqualTo("true");
    assertThat(provider.calls()).hasSize(1);
  }

  /** What a gateway leaves behind that is killed while it answers. */
  @Test
  void aRequestOfAGatewayThatIsNoMoreIsTakenOverOnce() {
    String id = IdempotencyKey.parse("killed").id(one.bean(AdminAccess.class).key().key().id());
    String fingerprint =
        Fingerprint.of(
            "/v1/chat/completions",
            null,
            "application/json",
            WHOLE.getBytes(StandardCharsets.UTF_8));
    JdbcClient.create(one.bean(DataSource.class))
        .sql(
            """
            insert into idempotency (id, fingerprint, state, owner, run, beat, expires_at)
            values (:id, :fingerprint, 'running', 'killed', 1, 7, :expires)
            """)
        .param("id", id)
        .param("fingerprint", fingerprint)
        .param("expires", System.currentTimeMillis() + 3_600_000)
        .update();
    CompletableFuture<HttpResponse<String>> first = send(one, WHOLE, "killed");
    CompletableFuture<HttpResponse<String>> second = send(two, WHOLE, "killed");

    assertThat(first.join().body()).isEqualTo(second.join().body());
    assertThat(List.of(header(first.join(), REPLAYED), header(second.join(), REPLAYED)))
        .containsExactlyInAnyOrder("", "true");
    assertThat(provider.calls()).hasSize(1);
  }

  /** Both clients of the others wait until the killed one is taken for dead. */
  @Test
  void whatAKilledGatewayWasAnsweringIsAnsweredOnceMore(@TempDir Path temp) throws IOException {
    PostgresServer postgres = PostgresServer.shared();
    String[] settings =
        all(
            provider("p", provider.baseUrl()),
            new String[] {"iir.database-url=" + postgres.newDatabase(), "iir.cache.enabled=false"});
    provider.behave(FakeProvider.Call::awaitLeaving);
    try (GatewayProcess owner = GatewayProcess.start(temp, settings);
        Gateway third = Gateway.start(settings);
        Gateway fourth = Gateway.start(settings);
        RawHttp client = new RawHttp(owner.url("/").getPort())) {
      client.send(raw(WHOLE, "owner"));
      await().until(() -> provider.calls().size() == 1);
      CompletableFuture<HttpResponse<String>> first = send(third, WHOLE, "owner");
      CompletableFuture<HttpResponse<String>> second = send(fourth, WHOLE, "owner");
      provider.behave(call -> call.completion("two", 3, 1));
      owner.kill();

      assertThat(first.join().body()).contains("two").isEqualTo(second.join().body());
      assertThat(List.of(header(first.join(), REPLAYED), header(second.join(), REPLAYED)))
          .containsExactlyInAnyOrder("", "true");
      assertThat(provider.calls()).hasSize(2);
    }
  }

  @Test
  void withoutTheDatabaseRequestsGoOnOrAreRefused() throws IOException {
    try (PostgresServer postgres = PostgresServer.start()) {
      String url = "iir.database-url=" + postgres.newDatabase();
      String[] open = all(provider("p", provider.baseUrl()), new String[] {url});
      String[] closed = all(open, new String[] {"iir.state.on-failure.idempotency=closed"});
      try (Gateway goesOn = Gateway.start(open);
          Gateway refuses = Gateway.start(closed)) {
        assertThat(goesOn.chat(WHOLE, KEY, "away").statusCode()).isEqualTo(200);
        postgres.pause();
        HttpResponse<String> answer = goesOn.chat(WHOLE, KEY, "away-2");
        HttpResponse<String> refusal = refuses.chat(WHOLE, KEY, "away-2");
        postgres.resume();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "x-iir-idempotency")).isEqualTo("unavailable");
        assertThat(refusal.statusCode()).isEqualTo(503);
        assertThat(header(refusal, "Retry-After")).isEqualTo("1");
        await().until(() -> header(refuses.chat(WHOLE, KEY, "away-2"), REPLAYED).equals("true"));
      }
    }
  }

  private static void answer(FakeProvider.Call call, String body) throws IOException {
    if (body.equals(STREAM)) {
      call.beginStream();
      call.token("done");
      call.endStream(3, 1);
    } else {
      call.completion("done", 3, 1);
    }
  }

  private static CompletableFuture<HttpResponse<String>> send(
      Gateway gateway, String body, String key) {
    return gateway
        .client()
        .sendAsync(
            gateway
                .request("/v1/chat/completions", KEY, key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String raw(String body, String key) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + Gateway.ADMIN_KEY
        + "\r\n"
        + KEY
        + ": "
        + key
        + "\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
