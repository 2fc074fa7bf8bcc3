package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process is told to stop by a signal, under open streams of every API. */
class StopIT {

  private static final int STREAMS = 200;
  private static final int CUT_STREAMS = 40;
  private static final int TOKENS = 20;
  private static final Path REPORT = Path.of("target/drain.md");

  @TempDir Path temp;

  private GatewayProcess start(FakeProvider provider, String... more) throws IOException {
    return GatewayProcess.start(
        temp,
        Gateway.all(
            Gateway.provider("fake", provider.baseUrl()),
            Crowd.LIMITS,
            new String[] {"iir.cache.enabled=false"},
            more));
  }

  private static HttpResponse<String> get(GatewayProcess gateway, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(gateway.url(path))
              .header("Authorization", "Bearer " + Gateway.ADMIN_KEY)
              .version(HttpClient.Version.HTTP_1_1)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static List<RawClient> streams(GatewayProcess gateway, int count) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(api(i).ask(gateway, true));
    }
    for (RawClient client : clients) {
      assertThat(client.status()).isEqualTo(200);
    }
    return clients;
  }

  private static SpokenApi api(int number) {
    List<SpokenApi> all = List.of(SpokenApi.values());
    return all.get(number % all.size());
  }

  @Test
  void noStreamIsBroken() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    FakeProvider.Behaviour slow =
        call -> {
          call.beginStream();
          call.token("w0 ");
          begun.incrementAndGet();
          goOn.await();
          for (int i = 1; i < TOKENS; i++) {
            call.token("w%d ".formatted(i));
          }
          call.endStream(5, TOKENS);
        };
    try (FakeProvider provider = new FakeProvider(slow);
        GatewayProcess gateway = start(provider)) {
      List<RawClient> clients = streams(gateway, STREAMS);
      await().until(() -> begun.get() == STREAMS);
      assertThat(get(gateway, "/health/ready").statusCode()).isEqualTo(200);

      long told = System.nanoTime();
      gateway.terminate();
      await().until(() -> get(gateway, "/health/ready").statusCode() == 503);
      long seen = System.nanoTime();
      assertThat(get(gateway, "/health/live").statusCode()).isEqualTo(200);
      String inFlight = "iir_requests_in_flight %d.0\n".formatted(STREAMS + 1); // /metrics is one
      await().until(() -> get(gateway, "/metrics").body().contains(inFlight));
      try (RawClient late = SpokenApi.CHAT.ask(gateway, true)) {
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.header("Retry-After")).isEqualTo("1");
        assertThat(late.header("Connection")).isEqualToIgnoringCase("close");
        assertThat(SpokenApi.CHAT.isRefusal(late.rest())).isTrue();
      }
      goOn.countDown();
      int broken = 0;
      for (int i = 0; i < STREAMS; i++) {
        try (RawClient client = clients.get(i)) {
          String events = client.rest();
          broken += isWhole(api(i), events) ? 0 : 1;
        }
      }
      int status = gateway.exitStatus();
      report(
          """
          SIGTERM under %d open streams (%d each of chat completions, completions, responses, messages):

          | | |
          |---|---|
          | streams broken | %d |
          | `/health/ready` was 503 after | %d ms |
          | a request meanwhile got | 503, `Retry-After: 1`, `Connection: close` |
          | `/health/live`, `/metrics` meanwhile | 200 |
          | exit status | %d |
          """
              .formatted(
                  STREAMS,
                  STREAMS / SpokenApi.values().length,
                  broken,
                  TimeUnit.NANOSECONDS.toMillis(seen - told),
                  status));
      assertThat(broken).isZero();
      assertThat(status).isZero();
    }
  }

  /** All tokens are there, in their order, and the end. */
  private static boolean isWhole(SpokenApi api, String events) {
    int from = 0;
    for (int i = 0; i < TOKENS; i++) {
      from = events.indexOf("\"w%d \"".formatted(i), from);
      if (from < 0) {
        return false;
      }
    }
    return api.isWhole(events);
  }

  @Test
  void whatTakesLongerThanTheGraceIsToldSoAndInTheLedger() throws Exception {
    FakeProvider.Behaviour endless =
        call -> {
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            call.token("w0 ");
          }
          call.awaitLeaving();
        };
    int all = CUT_STREAMS + SpokenApi.values().length;
    try (FakeProvider provider = new FakeProvider(endless)) {
      int told = 0;
      int refused = 0;
      int status;
      try (GatewayProcess gateway = start(provider, "iir.shutdown.grace=500ms")) {
        List<RawClient> clients = streams(gateway, CUT_STREAMS);
        Map<SpokenApi, RawClient> whole = new EnumMap<>(SpokenApi.class);
        for (SpokenApi api : SpokenApi.values()) {
          whole.put(api, api.ask(gateway, false));
        }
        await().until(() -> provider.calls().size() == all);
        gateway.terminate();
        for (int i = 0; i < CUT_STREAMS; i++) {
          try (RawClient client = clients.get(i)) {
            String events = client.rest();
            assertThat(events).doesNotContain("[DONE]");
            assertThat(api(i).isWhole(events)).isFalse();
            assertThat(api(i).isToldSo(events)).as("%s: %s", api(i), events).isTrue();
            told++;
          }
        }
        for (Map.Entry<SpokenApi, RawClient> each : whole.entrySet()) {
          SpokenApi api = each.getKey();
          try (RawClient client = each.getValue()) {
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.header("Connection")).isEqualToIgnoringCase("close");
            String body = client.rest();
            assertThat(api.isRefusal(body)).as("%s: %s", api, body).isTrue();
            refused++;
          }
        }
        for (FakeProvider.Call call : provider.calls()) {
          call.left().get(10, TimeUnit.SECONDS);
        }
        status = gateway.exitStatus();
      }
      Map<String, Integer> rows = rows(provider);
      report(
          """
          SIGTERM under %d streams and %d whole answers that do not end, `iir.shutdown.grace` 500 ms:

          | | |
          |---|---|
          | streams that ended with the error event of their API, none with its closing event | %d |
          | whole answers: 503 in the form of their API | %d |
          | calls to the provider cancelled | %d |
          | rows in the ledger, by status and outcome | %s |
          | exit status | %d |
          """
              .formatted(CUT_STREAMS, SpokenApi.values().length, told, refused, all, rows, status));
      assertThat(rows)
          .isEqualTo(
              Map.of("200 broken_stream", CUT_STREAMS, "503 error", SpokenApi.values().length));
      assertThat(status).isZero();
    }
  }

  /** How many rows of each status and outcome the ledger has. */
  private Map<String, Integer> rows(FakeProvider provider) throws Exception {
    Map<String, Integer> rows = new HashMap<>();
    try (GatewayProcess next = start(provider)) {
      JsonNode page =
          Gateway.json(get(next, "/api/v1/usage/requests?limit=1000").body()).path("data");
      page.forEach(row ->
          rows.merge(
              row.path("status").asText() + " " + row.path("outcome").asText(), 1, Integer::sum));
    }
    return rows;
  }

  @Test
  void requestsAreTakenDuringTheDelayAndASecondSignalEndsItAtOnce() throws Exception {
    FakeProvider.Behaviour quick = call -> call.completion("Hi", 5, 1);
    try (FakeProvider provider = new FakeProvider(quick);
        GatewayProcess gateway = start(provider, "iir.shutdown.delay=1h")) {
      gateway.terminate();
      await().until(() -> get(gateway, "/health/ready").statusCode() == 503);
      try (RawClient client = SpokenApi.CHAT.ask(gateway, false)) {
        assertThat(client.status()).isEqualTo(200);
      }
      assertThat(gateway.isAlive()).isTrue();
      gateway.terminate();
      assertThat(gateway.exitStatus()).isEqualTo(128 + 15);
    }
  }

  @Test
  void anInterruptStopsItInOrderToo() throws Exception {
    FakeProvider.Behaviour quick = call -> call.completion("Hi", 5, 1);
    try (FakeProvider provider = new FakeProvider(quick);
        GatewayProcess gateway = start(provider)) {
      gateway.signal("INT");
      assertThat(gateway.exitStatus()).isZero();
    }
  }

  /** The tests write one file, each its own part. */
  private static synchronized void report(String part) throws IOException {
    String title = part.substring(0, part.indexOf('\n'));
    String before = Files.exists(REPORT) ? Files.readString(REPORT) : "";
    List<String> parts = new ArrayList<>(List.of(before.split("(?m)^(?=SIGTERM under)")));
    parts.removeIf(old -> old.isBlank() || old.startsWith(title));
    parts.add(part + "\n");
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, String.join("", parts));
  }
}
