package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Behaviour;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call that fails beside another says of its model, and to the client. */
class HedgeFailuresIT {

  private static final String ASK =
      """
      {"model":"auto/fast","seed":1,"messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final int TIMES = 3;

  @TempDir Path routes;
  private final Semaphore begun = new Semaphore(0);
  private final FakeProvider first = new FakeProvider(call -> call.json(500, "{}"));
  private final FakeProvider second = new FakeProvider(call -> call.json(500, "{}"));
  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {
                  "iir.providers.second.protocol=anthropic",
                  "iir.providers.second.base-url=" + second.baseUrl(),
                  "iir.providers.second.api-key=sk-upstream-second",
                  "iir.providers.second.models=any",
                  "iir.hedge.after=200ms",
                  "iir.retry.attempts=0",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=2"
                }));
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  /** The first answers so once the second has been asked, which then does its part. */
  private void behave(Behaviour one, Behaviour other) {
    first.behave(call -> {
      StreamIT.take(begun);
      one.answer(call);
    });
    second.behave(call -> {
      begun.release();
      other.answer(call);
    });
  }

  private String state(String provider) {
    return Gateway.json(gateway.get("/api/v1/providers/" + provider).body()).path("state").asText();
  }

  @Test
  void theClientsOwnFaultIsItsAnswerAndNobodysFailure() {
    behave(
        call -> call.json(400, "{\"error\":{\"message\":\"no such role\"}}"), Call::awaitLeaving);
    for (int i = 0; i < TIMES; i++) {
      HttpResponse<String> answer = gateway.chat(ASK);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("no such role");
      assertThat(second.call().left()).succeedsWithin(Duration.ofSeconds(5));
      second.calls().clear();
    }
    assertThat(state("first")).isEqualTo("up");
  }

  @Test
  void rateLimitsAreNoFailuresAndTellTheClientWhenToComeBack() {
    Semaphore over = new Semaphore(0);
    Behaviour limited =
        call -> {
          call.json(429, "{\"error\":{\"message\":\"too many\"}}", "Retry-After: 7");
          over.release();
        };
    behave(
        limited,
        call -> {
          StreamIT.take(over);
          call.json(429, "{}");
        });
    for (int i = 0; i < TIMES; i++) {
      HttpResponse<String> answer = gateway.chat(ASK);
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    }
    assertThat(state("first")).isEqualTo("up");
  }

  @Test
  void failuresOfTheProviderAreCounted() {
    Semaphore over = new Semaphore(0);
    behave(
        call -> {
          call.json(500, "{}");
          over.release();
        },
        call -> {
          StreamIT.take(over);
          answer(call);
        });
    for (int i = 0; i < 2; i++) {
      assertThat(gateway.chat(ASK).statusCode()).isEqualTo(200);
    }
    assertThat(state("first")).isEqualTo("down");
  }

  @Test
  void theClientIsToldWhatWasLeftOutForTheSecond() {
    first.behave(Call::awaitLeaving);
    second.behave(HedgeFailuresIT::answer);
    HttpResponse<String> answer = gateway.chat(ASK);
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("second");
    assertThat(answer.headers().firstValue("X-IIR-Dropped")).contains("seed");
  }

  private static void answer(Call call) throws IOException {
    call.json(
        200,
        """
        {"id":"m","type":"message","role":"assistant","model":"m","stop_reason":"end_turn",\
        "content":[{"type":"text","text":"second"}],"usage":{"input_tokens":5,"output_tokens":1}}\
        """);
  }
}
