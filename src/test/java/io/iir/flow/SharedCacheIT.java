package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import io.iir.testing.RedisServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that two gateways share through a real Redis. */
class SharedCacheIT {

  private static RedisServer redis;
  private static FakeProvider provider;
  private static Gateway one;
  private static Gateway two;
  private static int asked;

  private CountDownLatch hold = new CountDownLatch(0);

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    provider = new FakeProvider(call -> call.json(500, "{}"));
    String[] settings =
        Gateway.all(
            Gateway.provider("fake", provider.baseUrl()),
            Gateway.provider("other", provider.baseUrl()),
            Crowd.LIMITS,
            new String[] {redis.setting(), "iir.state.timeout=5s"});
    one = Gateway.start(settings);
    two = Gateway.start(settings);
    await().until(() -> redis.ask("PUBSUB", "NUMSUB", "iir:announcements").endsWith(", 2]"));
  }

  @AfterAll
  static void stop() throws Exception {
    one.close();
    two.close();
    provider.close();
    redis.close();
  }

  @BeforeEach
  void answer() {
    hold = new CountDownLatch(0);
    provider.calls().clear();
    provider.behave(call -> {
      hold.await();
      if (call.body().contains("\"stream\":true")) {
        call.beginStream();
        call.token("Hello there");
        call.endStream(5, 2);
      } else {
        call.completion("Hello there", 5, 2);
      }
    });
  }

  private static String question() {
    return "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"q %d\"}]}"
        .formatted(asked++);
  }

  private static String expect(String result, Gateway gateway, String ask, String... headers)
      throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask, headers)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-iir-cache")).isEqualTo(result);
      return client.rest();
    }
  }

  /** Redis has it a moment after the client has its answer. */
  private static void awaitStored(int entries) {
    await().until(() -> stats(one).path("redis").path("entries").asInt() == entries);
  }

  private static JsonNode stats(Gateway gateway) {
    HttpResponse<String> answer = gateway.get("/api/v1/cache");
    assertThat(answer.statusCode()).isEqualTo(200);
    return Gateway.json(answer.body());
  }

  private static JsonNode clear(Gateway gateway, String query) {
    HttpResponse<String> answer = send(gateway, query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Gateway.json(answer.body());
  }

  private static HttpResponse<String> send(Gateway gateway, String query) {
    HttpRequest request = gateway.request("/api/v1/cache" + query).DELETE().build();
    return gateway.send(request);
  }

  @Test
  void anAnswerOfOneServesTheOther() throws Exception {
    clear(one, "");
    String ask = question();
    String answer = expect("miss", one, ask);
    awaitStored(1);
    assertThat(expect("hit", two, ask)).isEqualTo(answer);
    expect("hit", two, ask); // from memory now
    String stream = ask.replace("{\"model\"", "{\"stream\":true,\"model\"");
    assertThat(StreamIT.contentOf(expect("hit", two, stream))).isEqualTo("Hello there");
    assertThat(provider.calls()).hasSize(1);
    assertThat(stats(two).path("process").path("hits").path("redis").asInt()).isPositive();
  }

  @Test
  void fiveHundredOfTheSameOverTwoGatewaysAreOneCall() throws Exception {
    hold = new CountDownLatch(1);
    String ask = question();
    try (Crowd crowd = new Crowd()) {
      for (int i = 0; i < 500; i++) {
        crowd.ask(i % 2 == 0 ? one : two, ask);
      }
      await().until(() -> Crowd.waiting(one, two) == 499);
      await().until(() -> !provider.calls().isEmpty());
      hold.countDown();
      List<Crowd.Answer> answers = crowd.answers();
      assertThat(answers)
          .allMatch(answer -> answer.status() == 200 && answer.body().contains("Hello there"));
      assertThat(answers.stream().filter(answer -> "miss".equals(answer.cache()))).hasSize(1);
      assertThat(answers.stream().filter(answer -> "coalesced".equals(answer.cache())))
          .hasSize(499);
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aLeaderThatLeavesCostsOneMoreCallAtMost() throws Exception {
    hold = new CountDownLatch(1);
    String ask = question();
    Crowd crowd = new Crowd();
    try (RawClient leader = RawClient.chat(one, ask)) {
      await().until(() -> provider.calls().size() == 1);
      for (int i = 0; i < 100; i++) {
        crowd.ask(two, ask);
      }
      await().until(() -> Crowd.waiting(two) == 100);
      leader.close();
      await().until(() -> provider.calls().size() == 2);
    }
    hold.countDown();
    assertThat(crowd.answers())
        .allMatch(answer -> answer.status() == 200 && answer.body().contains("Hello there"));
    assertThat(provider.calls()).hasSize(2);
    crowd.close();
  }

  @Test
  void theLeaseOfADeadGatewayEnds() throws Exception {
    clear(one, "");
    String ask = question();
    expect("miss", one, ask);
    awaitStored(1);
    String stored = redis.ask("KEYS", "iir:cache:*");
    String hash = stored.substring(stored.lastIndexOf(':') + 1, stored.length() - 1);
    clear(one, "");
    redis.ask("SET", "iir:flight:" + hash, "aGatewayThatDied", "PX", "1500");
    expect("miss", two, ask);
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  void garbageIsAMiss() throws Exception {
    clear(one, "");
    String ask = question();
    expect("miss", one, ask);
    awaitStored(1);
    String stored = redis.ask("KEYS", "iir:cache:*");
    String key = stored.substring(1, stored.length() - 1);
    redis.ask("SET", key, "no answer at all");
    expect("miss", two, ask);
    expect("hit", two, ask);
    clear(two, "");
    redis.ask("LPUSH", key, "a list");
    expect("miss", two, ask);
  }

  @Test
  void clearsByWhatIsSaid() throws Exception {
    clear(one, "");
    NewKey red = one.newKey("{\"name\":\"red\",\"team\":\"red\"}");
    String blue = Gateway.ADMIN_KEY;
    String ask = question();
    String askOther = ask.replace("fake/", "other/");
    String[] redHeader = {red.header()};
    String[] blueHeader = {"Authorization: Bearer " + blue};
    expect("miss", one, ask, redHeader);
    expect("miss", one, ask, blueHeader);
    expect("miss", one, askOther, blueHeader);
    awaitStored(3);
    expect("hit", two, ask, blueHeader);
    expect("hit", two, askOther, blueHeader);

    JsonNode cleared = clear(one, "?team=red");
    assertThat(cleared.path("memory").asInt()).isEqualTo(1);
    assertThat(cleared.path("redis").asInt()).isEqualTo(1);
    expect("hit", one, ask, blueHeader);
    expect("miss", one, ask, redHeader);
    awaitStored(3);

    assertThat(clear(two, "?model=other/*").path("redis").asInt()).isEqualTo(1);
    expect("hit", two, ask, blueHeader);
    await().until(() -> stats(one).path("memory").path("entries").asInt() == 2);
    expect("miss", one, askOther, blueHeader);
    awaitStored(3);

    assertThat(clear(one, "?key=" + red.id() + "&model=other/m").path("redis").asInt()).isZero();
    assertThat(clear(one, "?key=" + red.id()).path("redis").asInt()).isEqualTo(1);
    assertThat(clear(one, "").path("redis").asInt()).isEqualTo(2);
    await().until(() -> stats(two).path("memory").path("entries").asInt() == 0);
    expect("miss", two, ask, blueHeader);
  }

  @Test
  void aClearingThatWasNotHeardIsHeardOf() throws Exception {
    clear(one, "");
    String ask = question();
    expect("miss", two, ask);
    awaitStored(1);
    expect("hit", two, ask);

    redis.ask("INCR", "iir:cache-generation"); // as another gateway does, and announces nothing
    for (String key :
        redis.ask("KEYS", "iir:cache:*").replaceAll("[\\[\\]\"]", "").split(", ", -1)) {
      redis.ask("DEL", key);
    }

    await().until(() -> stats(two).path("memory").path("entries").asInt() == 0);
    expect("miss", two, ask);
  }

  @Test
  void whatIsBeingMadeWhenClearedIsNotKept() throws Exception {
    clear(one, "");
    hold = new CountDownLatch(1);
    String ask = question();
    try (Crowd crowd = new Crowd()) {
      crowd.ask(one, ask);
      await().until(() -> provider.calls().size() == 1);
      clear(two, "");
      hold.countDown();
      assertThat(crowd.answers().getFirst().status()).isEqualTo(200);
    }
    expect("miss", two, ask);
  }

  @Test
  void aWrongWordClearsNothing() {
    assertThat(send(one, "?teem=red").statusCode()).isEqualTo(400);
    assertThat(send(one, "?team=").statusCode()).isEqualTo(400);
    assertThat(send(one, "?model=nonsense").statusCode()).isEqualTo(400);
    NewKey key = one.newKey("{\"name\":\"plain\"}");
    HttpRequest request =
        one.request("/api/v1/cache", "Authorization", "Bearer " + key.secret()).DELETE().build();
    assertThat(one.send(request).statusCode()).isEqualTo(403);
  }
}
