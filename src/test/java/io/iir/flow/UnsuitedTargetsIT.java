package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Behaviour;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second target that neither hedges nor goes on with a stream: it is asked when its turn comes.
 */
class UnsuitedTargetsIT {

  @TempDir static Path routes;
  private static FakeProvider first;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    first = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Rules.choosing(routes, "first/m, sim/echo"),
                new String[] {
                  "iir.hedge.after=1m",
                  "iir.stream.keep-alive=1m",
                  "iir.retry.attempts=0",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=1000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
  }

  @Test
  void whereNobodyCouldBeAskedBesideTheNextIsAskedAfter() {
    theNextAnswers("auto/fast", "false", call -> call.json(500, "{}"));
  }

  @Test
  void whereNobodyCouldGoOnTheNextIsAskedInstead() {
    theNextAnswers(
        "auto",
        "true",
        call -> {
          call.beginStream();
          call.event("{\"error\":{\"message\":\"out of memory\"}}");
          call.endChunks();
        });
  }

  private static void theNextAnswers(String model, String stream, Behaviour failure) {
    first.calls().clear();
    first.behave(failure);
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model":"%s","stream":%s,"messages":[{"role":"user","content":"Well met"}]}\
            """
                .formatted(model, stream));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("sim");
    assertThat(first.calls()).hasSize(1);
  }
}
