package io.iir.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway is killed under load, again and again: its ledger has every answer that was given. */
class UsageKillIT {

  private static final int KILLS = 3;
  private static final int CLIENTS = 12;
  private static final int ANSWERS_A_ROUND = 400;
  private static final int PROMPT = 11;
  private static final int COMPLETION = 3;

  @TempDir Path temp;

  /** The ids of the requests whose answers clients had whole. */
  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  private final AtomicInteger sent = new AtomicInteger();

  @Test
  void everyAnswerThatAClientHadWholeIsInTheLedgerOnce() throws Exception {
    try (FakeProvider provider = new FakeProvider(UsageKillIT::answer)) {
      String[] settings =
          Gateway.all(
              Gateway.provider("p", provider.baseUrl()),
              new String[] {
                "iir.limits.default.rpm=1000000",
                "iir.limits.default.tpm=100000000",
                "iir.limits.default.concurrency=1000",
                "iir.usage.flush=20s", // so that rows are in the journal alone when it is killed
                "iir.models[0].id=p/m",
                "iir.models[0].price.input=1",
                "iir.models[0].price.output=2"
              });
      for (int round = 1; round <= KILLS; round++) {
        try (GatewayProcess gateway = GatewayProcess.start(temp, settings)) {
          underLoad(gateway, round * ANSWERS_A_ROUND);
        }
      }
      GatewayProcess gateway = GatewayProcess.start(temp, settings);
      try (gateway) {
        Map<String, JsonNode> rows = rows(gateway);
        System.out.printf(
            "killed %d times: %d requests sent, %d answers had whole, %d rows in the ledger,"
                + " %d answers missing%n",
            KILLS,
            sent.get(),
            answered.size(),
            rows.size(),
            answered.stream().filter(id -> !rows.containsKey(id)).count());
        assertThat(rows.keySet()).containsAll(answered);
        for (String id : answered) {
          JsonNode row = Objects.requireNonNull(rows.get(id));
          assertThat(row.path("outcome").asText()).isEqualTo("success");
          assertThat(row.path("prompt_tokens").asInt()).isEqualTo(PROMPT);
          assertThat(row.path("completion_tokens").asInt()).isEqualTo(COMPLETION);
          assertThat(row.path("cost_usd").asText()).isEqualTo("0.000017000");
        }
        JsonNode total = get(gateway, "/api/v1/usage").path("total");
        assertThat(total.path("requests").asInt()).isEqualTo(rows.size());
        assertThat(total.path("prompt_tokens").asLong())
            .isEqualTo(
                rows.values().stream().mapToLong(r -> r.path("prompt_tokens").asLong()).sum());
        assertThat(gateway.stop()).isIn(0, 143);
      }
      try (var left = Files.list(temp.resolve("usage"))) {
        assertThat(left) // what a kill tore is kept
            .allSatisfy(file -> assertThat(file.toString()).endsWith(".torn"));
      }
    }
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (!call.body().contains("\"stream\":true")) {
      call.completion("Hello", PROMPT, COMPLETION);
      return;
    }
    call.beginStream();
    call.token("Hel");
    call.token("lo");
    call.token("!");
    call.endStream(PROMPT, COMPLETION);
  }

  /** Kills {@code gateway} when clients have had {@code enough} answers in all. */
  private void underLoad(GatewayProcess gateway, int enough) {
    AtomicBoolean killed = new AtomicBoolean();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(() -> {
          while (!killed.get()) {
            ask(client, gateway);
          }
        });
      }
      await().atMost(60, TimeUnit.SECONDS).until(() -> answered.size() >= enough);
      gateway.kill();
      killed.set(true);
    }
  }

  private void ask(HttpClient client, GatewayProcess gateway) {
    int number = sent.incrementAndGet();
    boolean stream = number % 2 == 0;
    String id = "kill-" + number;
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
            .header("Authorization", "Bearer " + Gateway.ADMIN_KEY)
            .header("Content-Type", "application/json")
            .header("x-request-id", id)
            .header("Cache-Control", "no-store")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"p/m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .formatted(stream)))
            .build();
    try {
      if (stream) {
        readStream(client.send(request, HttpResponse.BodyHandlers.ofInputStream()), id);
      } else if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
        answered.add(id);
      }
    } catch (IOException | UncheckedIOException e) {
      // the gateway was killed: this client has no answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The answer is whole with {@code [DONE]}, before the HTTP body has ended. */
  private void readStream(HttpResponse<InputStream> answer, String id) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("data: [DONE]")) {
          answered.add(id);
        }
      }
    }
  }

  private static Map<String, JsonNode> rows(GatewayProcess gateway) throws Exception {
    Map<String, JsonNode> rows = new HashMap<>();
    Set<String> ids = new HashSet<>();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = get(gateway, "/api/v1/usage/requests?limit=1000" + after);
      for (JsonNode row : page.path("data")) {
        assertThat(ids.add(row.path("id").asText())).isTrue();
        assertThat(rows.put(row.path("request_id").asText(), row)).isNull();
      }
      more = page.path("has_more").asBoolean();
      after = "&after=" + page.path("next").asText();
    }
    return rows;
  }

  private static JsonNode get(GatewayProcess gateway, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(gateway.url(path))
                  .header("Authorization", "Bearer " + Gateway.ADMIN_KEY)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Gateway.json(answer.body());
    }
  }
}
