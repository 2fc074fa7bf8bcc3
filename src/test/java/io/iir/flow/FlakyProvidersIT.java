package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests against providers of which one, or both, fail again and again. */
class FlakyProvidersIT {

  private static final int REQUESTS = 2_000;
  private static final int CLIENTS = 8;
  private static final int PROBES = 10;
  private static final String ASK =
      "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    first = new FakeProvider(call -> call.completion("first", 5, 1));
    second = new FakeProvider(call -> call.completion("second", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.retry.backoff=5ms",
                  "iir.limits.default.rpm=1000000",
                  "iir.limits.default.tpm=1000000000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  /** Both are well again, and their breakers closed: half open ones let only a few try. */
  @BeforeEach
  void recover() {
    first.behave(call -> call.completion("first", 5, 1));
    second.behave(call -> call.completion("second", 5, 1));
    for (String provider : List.of("first", "second")) {
      gateway.send(
          gateway
              .request("/api/v1/providers/" + provider + "/enable")
              .POST(HttpRequest.BodyPublishers.noBody())
              .build());
      for (int i = 0; i < PROBES; i++) {
        assertThat(gateway.chat(ASK.replace("auto", provider + "/m")).statusCode()).isEqualTo(200);
      }
    }
    first.calls().clear();
    second.calls().clear();
  }

  @Test
  void whereOneOfTwoFailsAtRandomNoClientSeesIt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    first.behave(call -> {
      if (calls.incrementAndGet() % 10 < 3) {
        call.json(503, "{}");
      } else {
        call.completion("first", 5, 1);
      }
    });
    assertThat(many()).isZero();
    assertThat(first.calls().size() + second.calls().size()).isLessThan(REQUESTS * 3 / 2);
  }

  @Test
  void whereBothFailThereIsNoStorm() throws Exception {
    first.behave(call -> call.json(503, "{}"));
    second.behave(call -> call.json(503, "{}"));
    assertThat(many()).isEqualTo(REQUESTS);
    assertThat(first.calls().size() + second.calls().size()).isLessThan(REQUESTS / 20);
  }

  /** Sends many requests and answers how many of them failed. */
  private static int many() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger left = new AtomicInteger(REQUESTS);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> all =
          IntStream.range(0, CLIENTS)
              .mapToObj(client ->
                  clients.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                      if (gateway.chat(ASK).statusCode() != 200) {
                        failed.incrementAndGet();
                      }
                    }
                  }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    return failed.get();
  }
}
