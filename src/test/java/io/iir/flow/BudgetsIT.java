package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keys, teams and the gateway may spend, end to end. */
class BudgetsIT {

  /** A thousand billionths of a USD a token of the prompt, two thousand one of the answer. */
  private static final String DEAR = "dear/m";

  private static FakeProvider dear;
  private static FakeProvider cheap;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    dear = new FakeProvider(call -> call.json(500, "{}"));
    cheap = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("dear", dear.baseUrl()),
                Gateway.provider("cheap", cheap.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.models[0].id=dear/m",
                  "iir.models[0].price.input=1",
                  "iir.models[0].price.output=2",
                  "iir.models[1].id=cheap/m",
                  "iir.models[1].price.input=0.001",
                  "iir.models[1].price.output=0.002",
                  "iir.models[2].id=dear/free",
                  "iir.models[2].price.input=0",
                  "iir.models[2].price.output=0",
                  "iir.budgets.max-output=100",
                  "iir.teams.poor.budget.usd=0.001",
                  "iir.limits.default.rpm=100000",
                  "iir.limits.default.tpm=1000000000",
                  "iir.limits.default.concurrency=1000",
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    dear.close();
    cheap.close();
  }

  @BeforeEach
  void answerWell() {
    dear.calls().clear();
    cheap.calls().clear();
    dear.behave(call -> call.completion("Hi", 5, 1));
    cheap.behave(call -> call.completion("Hi", 5, 1));
  }

  private static NewKey key(String name, String usd) {
    return gateway.newKey(
        "{\"name\":\"%s\",\"budget\":{\"usd\":%s,\"period\":\"total\"}}".formatted(name, usd));
  }

  private static String ask(String model, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
        .formatted(model, more);
  }

  private static HttpResponse<String> chat(NewKey key, String body) {
    return gateway.chat(body, "Authorization", "Bearer " + key.secret());
  }

  private static JsonNode shown(NewKey key) {
    return Gateway.json(
            gateway
                .get("/api/v1/apikeys/" + key.id(), "Authorization", "Bearer " + Gateway.ADMIN_KEY)
                .body())
        .path("budget");
  }

  @Test
  void whatIsReservedIsGivenBackAndWhatIsUsedIsNot() {
    NewKey key = key("back", "0.001"); // 1,000,000; each request costs 7,000
    int passed = 0;
    HttpResponse<String> answer = chat(key, ask(DEAR, ",\"max_tokens\":1"));
    while (answer.statusCode() == 200) {
      passed++;
      answer = chat(key, ask(DEAR, ",\"max_tokens\":1"));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("insufficient_quota");
    assertThat(error.path("message").asText())
        .contains("'back'")
        .contains("0.001 USD")
        .contains("this request may cost");
    assertThat(passed).isBetween(90, 142);
    JsonNode budget = shown(key);
    assertThat(budget.path("used_usd").decimalValue())
        .isEqualByComparingTo(BigDecimal.valueOf(passed * 7000L, 9));
    assertThat(budget.path("left_usd").decimalValue())
        .isEqualByComparingTo(BigDecimal.valueOf(1_000_000 - passed * 7000L, 9));
    assertThat(budget.path("resets_at").isNull()).isTrue();
  }

  @Test
  void aFreeModelIsAskedUntilTheBudgetIsUsedUp() {
    NewKey key = key("free", "0.000002");
    assertThat(chat(key, ask("dear/free", "")).statusCode()).isEqualTo(200);
    assertThat(Gateway.json(dear.call().body()).has("max_tokens")).isFalse();
    assertThat(chat(key, ask(DEAR, "")).statusCode()).isEqualTo(429);
    assertThat(chat(key, ask("dear/free", "")).statusCode()).isEqualTo(200);
  }

  @Test
  void aLimitIsSentWhereABudgetHasToLastAndTheClientSetNone() {
    NewKey key = key("limited", "1");
    chat(key, ask(DEAR, ""));
    assertThat(Gateway.json(dear.calls().getLast().body()).path("max_tokens").asInt())
        .isEqualTo(100);
    chat(key, ask(DEAR, ",\"max_completion_tokens\":null"));
    JsonNode sent = Gateway.json(dear.calls().getLast().body());
    assertThat(sent.path("max_tokens").asInt()).isEqualTo(100);
    assertThat(sent.has("max_completion_tokens")).isFalse();
    chat(key, ask(DEAR, ",\"max_completion_tokens\":7"));
    sent = Gateway.json(dear.calls().getLast().body());
    assertThat(sent.path("max_completion_tokens").asInt()).isEqualTo(7);
    assertThat(sent.has("max_tokens")).isFalse();
    NewKey other = gateway.newKey("{\"name\":\"without\"}");
    chat(other, ask(DEAR, ""));
    assertThat(Gateway.json(dear.calls().getLast().body()).has("max_tokens")).isFalse();
  }

  @Test
  void anAnswerThatTheGatewayCutIsNotKept() throws Exception {
    String cut =
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"length\"}]}";
    dear.behave(call -> call.json(200, cut));
    String[] settings = {
      "iir.models[0].id=dear/m", "iir.models[0].price.input=1", "iir.models[0].price.output=2"
    };
    try (Gateway caching =
        Gateway.start(Gateway.all(Gateway.provider("dear", dear.baseUrl()), settings))) {
      NewKey key = caching.newKey("{\"name\":\"cut\",\"budget\":{\"usd\":1,\"period\":\"total\"}}");
      String[] header = {"Authorization", "Bearer " + key.secret()};
      assertThat(caching.chat(ask(DEAR, ""), header).statusCode()).isEqualTo(200);
      assertThat(caching.chat(ask(DEAR, ""), header).statusCode()).isEqualTo(200);
      assertThat(dear.calls()).hasSize(2);

      // Where the client has set the limit it has the answer that it wanted.
      caching.chat(ask(DEAR, ",\"max_tokens\":7"), header);
      caching.chat(ask(DEAR, ",\"max_tokens\":7"), header);
      assertThat(dear.calls()).hasSize(3);
    }
  }

  @Test
  void aTargetThatIsTooDearIsPassedOver() {
    NewKey key = key("auto", "0.0001"); // 100,000: a request may cost more than 200,000 at dear/m
    HttpResponse<String> answer = chat(key, ask("auto/quality", ""));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Route-Provider")).hasValue("cheap");
    assertThat(dear.calls()).isEmpty();
  }

  @Test
  void whereAllAreTooDearTheClientIsToldSo() {
    NewKey key =
        gateway.newKey(
            """
            {"name":"none","models":["dear/m","cheap/m"],"budget":{"usd":"0.000000001"}}
            """);
    HttpResponse<String> answer = chat(key, ask("auto", ""));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("insufficient_quota");
    assertThat(error.path("message").asText())
        .contains("cheap/m is not asked: Key 'none'")
        .contains("budget");
    assertThat(answer.headers().firstValue("x-iir-error-source")).hasValue("gateway");
  }

  @Test
  void aTeamSharesItsBudget() {
    NewKey one = gateway.newKey("{\"name\":\"one\",\"team\":\"poor\"}");
    NewKey two = gateway.newKey("{\"name\":\"two\",\"team\":\"poor\"}");
    dear.behave(call -> call.completion("Hi", 400, 50)); // half of it
    assertThat(chat(one, ask(DEAR, ",\"max_tokens\":50")).statusCode()).isEqualTo(200);
    assertThat(chat(two, ask(DEAR, ",\"max_tokens\":50")).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = chat(one, ask(DEAR, ",\"max_tokens\":50"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("eam 'poor'").contains("0.001 USD a month");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"day", "month"})
  void aBudgetSaysWhenItRenews(String period) {
    NewKey key =
        gateway.newKey(
            "{\"name\":\"%s\",\"budget\":{\"usd\":0.000000001,\"period\":\"%s\"}}"
                .formatted(period, period));
    HttpResponse<String> refused = chat(key, ask(DEAR, ""));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("USD a " + period);
    assertThat(shown(key).path("resets_at").asText()).endsWith("T00:00:00Z");
  }

  @Test
  void noRequestsTogetherSpendMoreThanThereIs() throws Exception {
    NewKey key = key("many", "0.02");
    AtomicLong counted = new AtomicLong();
    Random random = new Random(1);
    dear.behave(call -> {
      int prompt = 5;
      int completion;
      synchronized (random) {
        completion = 1 + random.nextInt(20);
      }
      counted.addAndGet(prompt * 1000L + completion * 2000L);
      call.completion("Hi", prompt, completion);
    });
    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 1500; i++) {
        answers.add(threads.submit(() -> chat(key, ask(DEAR, ",\"max_tokens\":20")).statusCode()));
      }
    }
    long passed = 0;
    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isIn(200, 429);
      passed += answer.get() == 200 ? 1 : 0;
    }
    assertThat(passed).isPositive().isLessThan(1500);
    assertThat(counted.get()).isLessThanOrEqualTo(20_000_000).isGreaterThan(19_000_000);
    assertThat(shown(key).path("used_usd").decimalValue())
        .isEqualByComparingTo(BigDecimal.valueOf(counted.get(), 9));
  }
}
