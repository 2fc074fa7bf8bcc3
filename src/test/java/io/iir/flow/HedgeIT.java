package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that does not begin in time, and the next one asked beside it. */
class HedgeIT {

  private static final String ASK =
      "{\"model\":\"auto/fast\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String STREAM = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    first = new FakeProvider(call -> answer(call, "first"));
    second = new FakeProvider(call -> answer(call, "second"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {
                  "iir.hedge.after=300ms",
                  "iir.retry.attempts=0",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=1000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  @BeforeEach
  void forget() {
    first.calls().clear();
    second.calls().clear();
    first.behave(call -> answer(call, "first"));
    second.behave(call -> answer(call, "second"));
  }

  private static void answer(Call call, String text) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token(text);
      call.endStream(5, 1);
    } else {
      call.completion(text, 5, 1);
    }
  }

  @Test
  void theSecondAnswersAndTheFirstIsCancelled() {
    first.behave(Call::awaitLeaving);
    HttpResponse<String> answer = gateway.chat(ASK);
    assertThat(answer.body()).contains("\"content\":\"second\"");
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("second");
    assertThat(first.call().left()).succeedsWithin(Duration.ofSeconds(5));
    nothingIsLeftRunning();
  }

  @Test
  void theSameOfAStream() throws Exception {
    first.behave(Call::awaitLeaving);
    HttpResponse<String> answer = gateway.chat(STREAM);
    assertThat(StreamIT.contentOf(answer.body())).isEqualTo("second");
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("second");
    assertThat(first.call().left()).succeedsWithin(Duration.ofSeconds(5));
    nothingIsLeftRunning();
  }

  @Test
  void aFirstThatIsQuickIsAskedAlone() {
    assertThat(gateway.chat(ASK).body()).contains("first");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void aFirstThatIsSlowButSoonerWins() throws Exception {
    Semaphore goOn = new Semaphore(0);
    first.behave(call -> {
      StreamIT.take(goOn);
      answer(call, "first");
    });
    second.behave(call -> {
      goOn.release();
      call.awaitLeaving();
    });
    HttpResponse<String> answer = gateway.chat(STREAM);
    assertThat(StreamIT.contentOf(answer.body())).isEqualTo("first");
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("first");
    assertThat(second.call().left()).succeedsWithin(Duration.ofSeconds(5));
    nothingIsLeftRunning();
  }

  @Test
  void whereTheSecondFailsTheFirstIsWaitedFor() {
    Semaphore goOn = new Semaphore(0);
    first.behave(call -> {
      StreamIT.take(goOn);
      answer(call, "first");
    });
    second.behave(call -> {
      call.json(500, "{}");
      goOn.release();
    });
    assertThat(gateway.chat(ASK).body()).contains("\"content\":\"first\"");
    nothingIsLeftRunning();
  }

  @Test
  void whereTheFirstFailsTheSecondIsWaitedFor() {
    Semaphore begun = new Semaphore(0);
    Semaphore failed = new Semaphore(0);
    first.behave(call -> {
      StreamIT.take(begun);
      call.json(500, "{}");
      failed.release();
    });
    second.behave(call -> {
      begun.release();
      StreamIT.take(failed);
      answer(call, "second");
    });
    assertThat(gateway.chat(ASK).body()).contains("\"content\":\"second\"");
    nothingIsLeftRunning();
  }

  @Test
  void whereBothFailEachIsNamed() {
    Semaphore goOn = new Semaphore(0);
    first.behave(call -> {
      StreamIT.take(goOn);
      call.json(500, "{}");
    });
    second.behave(call -> {
      goOn.release();
      call.json(503, "{}");
    });
    HttpResponse<String> answer = gateway.chat(ASK);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("first/m").contains("second/m");
    nothingIsLeftRunning();
  }

  @Test
  void aClientThatLeavesEndsBoth() throws Exception {
    first.behave(Call::awaitLeaving);
    second.behave(Call::awaitLeaving);
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      await().until(() -> second.calls().size() == 1);
    }
    assertThat(first.call().left()).succeedsWithin(Duration.ofSeconds(5));
    assertThat(second.call().left()).succeedsWithin(Duration.ofSeconds(5));
    nothingIsLeftRunning();
  }

  private static void nothingIsLeftRunning() {
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
    for (String provider : new String[] {"first", "second"}) {
      await().until(() -> directory.traffic().inFlight(new ModelName(provider, "m")) == 0);
    }
  }
}
