package io.iir.flow;

import static io.iir.testing.Gateway.all;
import static io.iir.testing.Gateway.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.iir.openai.ChatRequest;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two gateways on one Redis and one PostgreSQL keep to a limit as one does, to the last token.
 * Writes what came of it to {@code target/limits.md}.
 *
 * <p>Upstream counts each word that it gives, and a prompt by the gateway's own estimate. A third
 * of the clients leave after a random number of words; upstream then gives no more, and says no
 * usage, so what it gave is what passed the gateway. The ledger has to say the same of each single
 * request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitsIT {

  private static final int AT_ONCE = 48;
  private static final int ASKED = 600;
  private static final int WHOLE = 10;

  /** More than what one request may use at most: prompt and answer. */
  private static final int MOST = 25;

  private static final long NANO_USD_A_PROMPT_TOKEN = 10_000;
  private static final long NANO_USD_A_TOKEN = 1_000_000;
  private static final Pattern QUESTION =
      Pattern.compile("question ([\\w-]+) (?:stay|leave (\\d+))");

  /** What one request used. */
  private record Used(long prompt, long completion) {

    long tokens() {
      return prompt + completion;
    }

    long nanoUsd() {
      return prompt * NANO_USD_A_PROMPT_TOKEN + completion * NANO_USD_A_TOKEN;
    }
  }

  /** What upstream counted, by request. */
  private final ConcurrentMap<String, Used> upstream = new ConcurrentHashMap<>();

  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> lines = new ArrayList<>();
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
              "iir.models[0].price.input=10",
              "iir.models[0].price.output=1000"
            });
    gateways = new Gateway[] {Gateway.start(settings), Gateway.start(settings)};
    for (Gateway gateway : gateways) {
      Redis shared = gateway.bean(Redis.class);
      await().ignoreExceptions().until(() -> shared.call(each -> each.ping()).join() != null);
    }
    lines.add(
        "| limit | asked | answered | clients that left | upstream counted | ledger | over |");
    lines.add("|---|---|---|---|---|---|---|");
  }

  @BeforeEach
  void forget() {
    upstream.clear();
  }

  @AfterAll
  void stop() throws IOException {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    redis.close();
    provider.close();
    Files.write(Path.of("target/limits.md"), lines);
  }

  /** Streams ten words, or as many as the client will wait for, and counts them. */
  private void answer(FakeProvider.Call call) throws IOException {
    Matcher question = QUESTION.matcher(call.body());
    assertThat(question.find()).isTrue();
    int words = question.group(2) == null ? WHOLE : Integer.parseInt(question.group(2));
    int prompt = ChatRequest.parse(call.bytes()).promptTokens();
    call.beginStream();
    for (int i = 1; i <= words; i++) {
      upstream.put(question.group(1), new Used(prompt, i));
      call.token(" hello");
    }
    if (words < WHOLE) {
      call.awaitLeaving();
    } else {
      call.endStream(prompt, WHOLE);
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
    Map<String, Used> ledger = ledger(key);
    assertThat(ledger).hasSize(100);
    note("100 requests a minute", 1000, 0, upstream.size(), ledger.size(), 100);
    assertNoFallback();
  }

  @Test
  void no_more_tokens_are_used_than_the_limit_says_and_the_ledger_says_what_upstream_counted() {
    Gateway.NewKey key =
        gateways[0].newKey(
            """
            {"name":"tpm","limits":{"rpm":0,"tpm":2000,"concurrency":0}}\
            """);
    int left = askAll(key);
    // What those gave back that left early is there for others, to the last token.
    int more = askUntil(key, () -> sum(upstream, Used::tokens) > 2000 - MOST);
    Map<String, Used> ledger = ledger(key);
    assertThat(sum(upstream, Used::tokens)).isBetween(2000L - MOST + 1, 2000L);
    note(
        "2,000 tokens a minute",
        ASKED + more,
        left,
        sum(upstream, Used::tokens),
        sum(ledger, Used::tokens),
        2000);
    assertNoFallback();
  }

  @Test
  void no_more_is_spent_than_the_budget_and_the_ledger_says_what_upstream_counted() {
    long budget = 1_500_000_000;
    Gateway.NewKey key =
        gateways[0].newKey(
            """
            {"name":"usd","limits":{"rpm":0,"tpm":0,"concurrency":0},\
            "budget":{"usd":1.5,"period":"total"}}\
            """);
    int left = askAll(key);
    int more = askUntil(key, () -> sum(upstream, Used::nanoUsd) > budget - MOST * NANO_USD_A_TOKEN);
    Map<String, Used> ledger = ledger(key);
    assertThat(sum(upstream, Used::nanoUsd))
        .isBetween(budget - MOST * NANO_USD_A_TOKEN + 1, budget);
    assertThat(spent(key)).isEqualTo(sum(upstream, Used::nanoUsd));
    note(
        "1.5 USD, in billionths",
        ASKED + more,
        left,
        sum(upstream, Used::nanoUsd),
        sum(ledger, Used::nanoUsd),
        budget);
    assertNoFallback();
    for (Gateway gateway : gateways) {
      assertThat(gateway.bean(MeterRegistry.class).find(Meters.BUDGET_OVERSHOOT.id()).counters())
          .allSatisfy(counter -> assertThat(counter.count()).isZero());
    }
  }

  private void note(String limit, int times, int left, long counted, long ledger, long most) {
    lines.add(
        "| %s | %,d | %d | %d | %,d | %,d | %d |"
            .formatted(
                limit, times, upstream.size(), left, counted, ledger, Math.max(0, counted - most)));
  }

  private static long sum(Map<String, Used> all, ToLongFunction<Used> of) {
    return all.values().stream().mapToLong(of).sum();
  }

  /** Streams from both gateways, of which a third is left early; returns how many were. */
  private int askAll(Gateway.NewKey key) {
    ConcurrentMap<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    int[] words = new Random().ints(ASKED, 1, WHOLE).toArray();
    AtomicInteger left = new AtomicInteger();
    inParallel(
        ASKED,
        i -> {
          int leave = i % 3 == 0 ? words[i] : 0;
          int status = ask(gateways[i % 2], key, leave);
          left.addAndGet(leave > 0 && status == 200 ? 1 : 0);
          count(statuses, status);
        });
    assertThat(statuses).containsOnlyKeys(200, 429);
    return left.get();
  }

  /** Asks on, one after the other, until {@code enough}; returns how often. */
  private int askUntil(Gateway.NewKey key, BooleanSupplier enough) {
    AtomicInteger times = new AtomicInteger();
    await()
        .until(() -> {
          do {
            times.incrementAndGet();
          } while (ask(gateways[0], key, 0) == 200);
          return enough.getAsBoolean();
        });
    return times.get();
  }

  /** What the ledger says of each request that was answered: what upstream does. */
  private Map<String, Used> ledger(Gateway.NewKey key) {
    JdbcClient store = gateways[0].bean(JdbcClient.class);
    return await()
        .until(
            () ->
                store
                    .sql(
                        "select request_id, prompt_tokens, completion_tokens from usage_ledger"
                            + " where key_id = ? and status <> 429")
                    .param(key.id())
                    .query(SharedLimitsIT::row)
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
            rows -> rows.equals(upstream));
  }

  private static Map.Entry<String, Used> row(ResultSet row, int number) throws SQLException {
    return Map.entry(row.getString(1), new Used(row.getLong(2), row.getLong(3)));
  }

  private long spent(Gateway.NewKey key) {
    return gateways[1]
        .bean(JdbcClient.class)
        .sql("select sum(cost_nano_usd) from usage_ledger where key_id = ?")
        .param(key.id())
        .query(Long.class)
        .single();
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
    String id = "r-" + asked.incrementAndGet();
    String body =
        """
        {"model":"p/m","stream":true,"max_tokens":%d,"messages":[{"role":"user",\
        "content":"question %s %s"}]}\
        """
            .formatted(WHOLE, id, leaveAfter == 0 ? "stay" : "leave " + leaveAfter);
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
            .header("Authorization", "Bearer " + key.secret())
            .header("x-request-id", id)
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
