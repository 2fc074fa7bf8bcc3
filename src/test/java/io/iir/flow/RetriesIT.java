package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the targets that have failed is asked once more. */
class RetriesIT {

  private static final String ASK =
      "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @TempDir static Path routes;

  @Test
  void whereTheFirstWantsTooLongAPauseTheSecondIsAskedOnceMore() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (FakeProvider first =
            new FakeProvider(call ->
                call.json(429, "{\"error\":{\"message\":\"too many\"}}", "Retry-After: 60"));
        FakeProvider second =
            new FakeProvider(call -> {
              if (calls.getAndIncrement() == 0) {
                call.reset();
              } else {
                call.completion("second", 5, 1);
              }
            });
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("first", first.baseUrl()),
                    Gateway.provider("second", second.baseUrl()),
                    Rules.choosing(routes, "first/m, second/m"),
                    new String[] {"iir.retry.backoff=5ms", "iir.cache.enabled=false"}))) {
      HttpResponse<String> answer = gateway.chat(ASK);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Route-Provider")).contains("second");
      assertThat(first.calls()).hasSize(1);
      assertThat(second.calls()).hasSize(2);
    }
  }
}
