package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What providers that fail cost, those that are asked and those that ask. */
class BreakerIT {

  private static final String CHAT =
      "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String OUT = "{\"error\":{\"message\":\"out of order\"}}";

  @TempDir static Path routes;

  @Test
  void aProviderThatFailsNowAndThenIsNotNoticed() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (FakeProvider shaky =
            new FakeProvider(call -> {
              int turn = calls.getAndIncrement() % 10;
              if (turn == 1 || turn == 4 || turn == 8) {
                call.json(500, OUT);
              } else {
                call.completion("shaky", 1, 1);
              }
            });
        FakeProvider sound = new FakeProvider(call -> call.completion("sound", 1, 1));
        Gateway gateway = two(shaky, sound)) {
      int requests = 300;
      for (int i = 0; i < requests; i++) {
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
      }
      int all = shaky.calls().size() + sound.calls().size();
      assertThat(all).isLessThan(requests * 3 / 2);
      assertThat(shaky.calls().size()).as("its breaker stays closed").isEqualTo(requests);
    }
  }

  @Test
  void providersThatFailAreLeftAloneAndTriedAgain() throws Exception {
    try (FakeProvider first = new FakeProvider(call -> call.json(500, OUT));
        FakeProvider second = new FakeProvider(call -> call.reset());
        Gateway gateway = two(first, second)) {
      int requests = 1000;
      for (int i = 0; i < requests; i++) {
        HttpResponse<String> answer = ask(gateway);
        assertThat(answer.statusCode()).isIn(502, 503);
        if (answer.statusCode() == 503) {
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
      }
      assertThat(first.calls().size() + second.calls().size()).isLessThan(requests / 20);
      HttpResponse<String> told = ask(gateway);
      assertThat(told.statusCode()).isEqualTo(503);
      assertThat(told.body())
          .contains("no_target_available", "a/m is down: ", "b/m is down: ", "asked again in ");
      first.behave(call -> call.completion("well", 1, 1));
      await().until(() -> ask(gateway).statusCode() == 200);
    }
  }

  private static HttpResponse<String> ask(Gateway gateway) {
    return gateway.chat(CHAT, "Cache-Control", "no-store");
  }

  private static Gateway two(FakeProvider first, FakeProvider second) throws Exception {
    return Gateway.start(
        Gateway.all(
            Gateway.provider("a", first.baseUrl()),
            Gateway.provider("b", second.baseUrl()),
            Rules.choosing(routes, "a/m, b/m"),
            List.of("iir.limits.default.rpm=100000", "iir.limits.default.tpm=100000000")
                .toArray(String[]::new)));
  }
}
