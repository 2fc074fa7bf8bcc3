package io.iir.flow;

import static io.iir.testing.Gateway.all;
import static io.iir.testing.Gateway.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two gateways on one Redis and one PostgreSQL keep to a limit as one does, to the last token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitsIT {

  private static final int AT_ONCE = 48;
  private static final int PROMPT = 3;
  private static final int WHOLE = 10;
  private static final long NANO_USD_A_TOKEN = 1_000_000;
  private static final Pattern LEAVE = Pattern.compile("leave after (\\d+)");

  /** What upstream counted. */
  private final AtomicLong promptTokens = new AtomicLong();

  private final AtomicLong completionTokens = new AtomicLong();
  private final FakeProvider provider = new FakeProvider(this::answer);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RedisServer redis;
  private Gateway[] gateways;

  @BeforeAll
  void start() {
    redis = RedisServer.start();
    String[] settings =
        all(
            provider("p", provider.baseUrl()),
            new String[] {
              PostgresServer.shared().setting(),
              redis.setting(),
              "iir.cache.enabled=false",
              "iir.state.timeout=10s",
              "iir.models[0].id=p/m",
              "iir.models[0].price.input=0",
              "iir.models[0].price.output=1000"
            });
    gateways = new Gateway[] {Gateway.start(settings), Gateway.start(settings)};
    for (Gateway gateway : gateways) {
      Redis shared = gateway.bean(Redis.class);
      await().ignoreExceptions().until(() -> shared.call(each -> each.ping()).join() != null);
    }
  }

  @BeforeEach
  void forget() {
    promptTokens.set(0);
    completionTokens.set(0);
  }

  @AfterAll
  void stop() throws IOException {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    redis.close();
    provider.close();
  }

  /** Streams ten words, or as many as the client will wait for, and counts them. */
  private void answer(FakeProvider.Call call) throws IOException {
    promptTokens.addAndGet(PROMPT);
    Matcher leave = LEAVE.matcher(call.body());
    int words = leave.find() ? Integer.parseInt(leave.group(1)) : WHOLE;
    completionTokens.addAndGet(words);
    call.beginStream();
    for (int i = 0; i < words; i++) {
      call.token(" hello");
    }
    if (words < WHOLE) {
      call.awaitLeaving();
    } else {
      call.endStream(PROMPT, WHOLE);
    }
  }

  @Test
  void of_a_thousand_requests_at_both_exactly_a_hundred_pass() {
    Gateway.NewKey key =
        gateways[0].newKey(
            """
            {"name":"rpm","limits":{"rpm":100,"tpm":0,"concurrency":0}}\
            """);
    ConcurrentMap<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    inParallel(1000, i -> count(statuses, ask(gateways[i % 2], key, 0)));
    assertThat(statuses).containsOnlyKeys(200, 429);
    assertThat(statuses.get(200)).hasValue(100);
    assertNoFallback();
  }

  @Test
  void no_more_tokens_are_used_than_the_limit_says() {
    Gateway.NewKey key =
        gateways[0].newKey(
            """
            {"name":"tpm","limits":{"rpm":0,"tpm":2000,"concurrency":0}}\
            """);
    ConcurrentMap<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    Random random = new Random(7);
    int[] leave = random.ints(600, 1, WHOLE).toArray();
    inParallel(600, i -> count(statuses, ask(gateways[i % 2], key, i % 3 == 0 ? leave[i] : 0)));
    assertThat(statuses).containsOnlyKeys(200, 429);
    assertThat(promptTokens.get() + completionTokens.get()).isBetween(1000L, 2000L);
    assertNoFallback();
  }

  @Test
  void no_more_is_spent_than_the_budget_and_the_ledger_says_what_upstream_counted() {
    Gateway.NewKey key =
        gateways[0].newKey(
            """
            {"name":"usd","limits":{"rpm":0,"tpm":0,"concurrency":0},\
            "budget":{"usd":1.5,"period":"total"}}\
            """);
    ConcurrentMap<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    Random random = new Random(8);
    int[] leave = random.ints(600, 1, WHOLE).toArray();
    inParallel(600, i -> count(statuses, ask(gateways[i % 2], key, i % 3 == 0 ? leave[i] : 0)));
    assertThat(statuses).containsOnlyKeys(200, 429);
    JdbcClient store = gateways[0].bean(JdbcClient.class);
    await()
        .untilAsserted(() ->
            assertThat(
                    store
                        .sql(
                            "select coalesce(sum(cost_nano_usd), 0) from usage_ledger"
                                + " where key_id = ?")
                        .param(key.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(completionTokens.get() * NANO_USD_A_TOKEN));
    assertThat(completionTokens.get()).isBetween(1000L, 1500L);
    // What those gave back that left early is there for others, to the last token.
    while (ask(gateways[0], key, 0) == 200) {
      assertThat(completionTokens.get()).isLessThanOrEqualTo(1500);
    }
    assertThat(completionTokens.get()).isBetween(1500L - WHOLE + 1, 1500L);
    assertNoFallback();
  }

  private void assertNoFallback() {
    for (Gateway gateway : gateways) {
      double fallbacks =
          gateway
              .bean(MeterRegistry.class)
              .get(Meters.THROTTLE_FALLBACKS.id())
              .functionCounter()
              .count();
      assertThat(fallbacks).isZero();
    }
  }

  private static void count(ConcurrentMap<Integer, AtomicInteger> statuses, int status) {
    statuses.computeIfAbsent(status, each -> new AtomicInteger()).incrementAndGet();
  }

  /** Streams an answer and leaves after so many words; 0: stays to its end. */
  private int ask(Gateway gateway, Gateway.NewKey key, int leaveAfter) {
    String body =
        """
        {"model":"p/m","stream":true,"max_tokens":%d,"messages":[{"role":"user",\
        "content":"%s"}]}\
        """
            .formatted(WHOLE, leaveAfter == 0 ? "stay" : "leave after " + leaveAfter);
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
            .header("Authorization", "Bearer " + key.secret())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body();
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        int words = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          words += line.contains("hello") ? 1 : 0;
          if (leaveAfter > 0 && words == leaveAfter) {
            break;
          }
        }
      }
      return answer.statusCode();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void inParallel(int times, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        threads.execute(() -> {
          for (int n = next.getAndIncrement(); n < times; n = next.getAndIncrement()) {
            try {
              task.accept(n);
            } catch (RuntimeException e) {
              failures.add(e);
            }
          }
        });
      }
    }
    assertThat(failures).isEmpty();
  }
}
