package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The same requests at the same time, in one process. */
class CoalescingIT {

  private static FakeProvider provider;
  private static Gateway gateway;

  private CountDownLatch hold = new CountDownLatch(1);
  private String ask = "";

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                Crowd.LIMITS,
                new String[] {"iir.cache.max-entry=2KB", "iir.retry.attempts=0"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void holdAnswers(TestInfo test) {
    ask =
        "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(test.getTestMethod().orElseThrow().getName());
    hold = new CountDownLatch(1);
    provider.calls().clear();
    answerWith("Hello there");
  }

  private void answerWith(String text) {
    CountDownLatch released = hold;
    provider.behave(call -> {
      if (call.body().contains("\"stream\":true")) {
        call.beginStream();
        call.token(text);
        released.await();
        call.endStream(5, 2);
      } else {
        released.await();
        call.completion(text, 5, 2);
      }
    });
  }

  private static String streaming(String ask) {
    return ask.replace("{\"model\"", "{\"stream\":true,\"model\"");
  }

  /** The first asks and is at the provider, then {@code more} wait. */
  private Crowd crowd(int more) {
    Crowd crowd = new Crowd();
    crowd.ask(gateway, ask);
    await().until(() -> provider.calls().size() == 1);
    for (int i = 0; i < more; i++) {
      crowd.ask(gateway, i % 2 == 0 ? ask : streaming(ask));
    }
    await().until(() -> Crowd.waiting(gateway) == more);
    return crowd;
  }

  @Test
  void oneAsksForAll() throws Exception {
    try (Crowd crowd = crowd(20)) {
      hold.countDown();
      List<Crowd.Answer> answers = crowd.answers();
      assertThat(answers).allMatch(answer -> answer.status() == 200);
      assertThat(answers.getFirst().cache()).isEqualTo("miss");
      assertThat(answers.subList(1, 21)).allMatch(answer -> "coalesced".equals(answer.cache()));
      for (int i = 1; i <= 20; i++) {
        Crowd.Answer answer = answers.get(i);
        if (i % 2 == 1) {
          assertThat(answer.body()).isEqualTo(answers.getFirst().body());
        } else {
          assertThat(answer.type()).isEqualTo("text/event-stream");
          assertThat(StreamIT.contentOf(answer.body())).isEqualTo("Hello there");
        }
      }
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aStreamIsWaitedFor() throws Exception {
    try (Crowd crowd = new Crowd()) {
      crowd.ask(gateway, streaming(ask));
      await().until(() -> provider.calls().size() == 1);
      crowd.ask(gateway, ask);
      await().until(() -> Crowd.waiting(gateway) == 1);
      hold.countDown();
      List<Crowd.Answer> answers = crowd.answers();
      assertThat(answers.getLast().cache()).isEqualTo("coalesced");
      assertThat(answers.getLast().body()).contains("Hello there", "\"total_tokens\":7");
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void anotherTakesOverFromALeaderThatLeaves() throws Exception {
    Crowd crowd = new Crowd();
    try (RawClient leader = RawClient.chat(gateway, ask)) {
      await().until(() -> provider.calls().size() == 1);
      for (int i = 0; i < 10; i++) {
        crowd.ask(gateway, ask);
      }
      await().until(() -> Crowd.waiting(gateway) == 10);
      leader.close();
      await().until(() -> provider.calls().size() == 2);
    }
    hold.countDown();
    assertThat(crowd.answers())
        .hasSize(10)
        .allMatch(answer -> answer.status() == 200 && answer.body().contains("Hello there"));
    assertThat(crowd.answers().stream().filter(answer -> "miss".equals(answer.cache()))).hasSize(1);
    assertThat(provider.calls()).hasSize(2);
    crowd.close();
  }

  @Test
  void whoWaitsAndLeavesOnlyLeaves() throws Exception {
    try (Crowd crowd = crowd(1)) {
      RawClient follower = RawClient.chat(gateway, ask);
      await().until(() -> Crowd.waiting(gateway) == 2);
      follower.close();
      await().until(() -> Crowd.waiting(gateway) == 1);
      hold.countDown();
      assertThat(crowd.answers()).allMatch(answer -> answer.status() == 200);
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void allAreToldTheProvidersError() throws Exception {
    CountDownLatch released = hold;
    provider.behave(call -> {
      released.await();
      call.json(422, "{\"error\":{\"message\":\"too odd\",\"code\":\"odd\"}}");
    });
    try (Crowd crowd = crowd(6)) {
      hold.countDown();
      assertThat(crowd.answers())
          .allMatch(answer -> answer.status() == 422 && answer.body().contains("too odd"));
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aStreamThatBreaksOffIsAnErrorForAll() throws Exception {
    CountDownLatch released = hold;
    provider.behave(call -> {
      call.beginStream();
      call.token("Hello ");
      released.await();
      call.reset();
    });
    try (Crowd crowd = new Crowd()) {
      crowd.ask(gateway, streaming(ask));
      await().until(() -> provider.calls().size() == 1);
      crowd.ask(gateway, ask);
      crowd.ask(gateway, streaming(ask));
      await().until(() -> Crowd.waiting(gateway) == 2);
      hold.countDown();
      List<Crowd.Answer> answers = crowd.answers();
      assertThat(answers.subList(1, 3))
          .allMatch(answer -> answer.status() == 502 && answer.body().contains("broke off"));
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void nobodyWaitsForWhatIsNotKept() throws Exception {
    answerWith("x".repeat(3_000));
    try (Crowd crowd = crowd(4)) {
      hold.countDown();
      assertThat(crowd.answers())
          .allMatch(answer -> answer.status() == 200 && "miss".equals(answer.cache()));
    }
    assertThat(provider.calls()).hasSize(5);
    // Nor is it waited for again, for a while.
    hold = new CountDownLatch(1);
    answerWith("x".repeat(3_000));
    try (Crowd crowd = new Crowd()) {
      crowd.ask(gateway, ask);
      crowd.ask(gateway, ask);
      await().until(() -> provider.calls().size() == 7);
      hold.countDown();
      assertThat(crowd.answers()).allMatch(answer -> answer.status() == 200);
    }
  }

  @Test
  void whoWantsItNewDoesNotWait() throws Exception {
    try (Crowd crowd = crowd(1)) {
      crowd.ask(gateway, ask, "Cache-Control: no-cache");
      crowd.ask(gateway, ask, "Cache-Control: no-store");
      await().until(() -> provider.calls().size() == 3);
      hold.countDown();
      assertThat(crowd.answers()).allMatch(answer -> answer.status() == 200);
    }
    assertThat(provider.calls()).hasSize(3);
  }

  @Test
  void longRequestsWaitToo() throws Exception {
    ask = ask.replace("longRequests", "x".repeat(100_000));
    try (Crowd crowd = crowd(5)) {
      hold.countDown();
      assertThat(crowd.answers()).allMatch(answer -> answer.status() == 200);
    }
    assertThat(provider.calls()).hasSize(1);
  }
}
