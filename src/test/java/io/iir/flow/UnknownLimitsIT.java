package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeRedis;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that cannot be asked how much is left, as clients of the gateway see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnknownLimitsIT {

  private static final String ASK =
      """
      {"model":"fake/m","max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final String LIMITED = "{\"name\":\"l\",\"limits\":{\"rpm\":5}}";
  private static final String BUDGETED =
      """
      {"name":"b","limits":{"rpm":0,"tpm":0,"concurrency":0},"budget":{"usd":1,"period":"day"}}\
      """;
  private static final String FREE =
      "{\"name\":\"f\",\"limits\":{\"rpm\":0,\"tpm\":0,\"concurrency\":0}}";

  private final FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
  private final FakeRedis redis = new FakeRedis(command -> "-ERR away\r\n");
  private Gateway open;

  @AfterAll
  void stop() throws Exception {
    open.close();
    redis.close();
    provider.close();
  }

  @BeforeAll
  void start() {
    open = gateway();
  }

  private Gateway gateway(String... settings) {
    return Gateway.start(
        Gateway.all(
            Gateway.provider("fake", provider.baseUrl()),
            new String[] {"iir.redis-url=" + redis.url(), "iir.cache.enabled=false"},
            settings));
  }

  private static HttpResponse<String> chat(Gateway gateway, NewKey key) {
    return gateway.chat(ASK, "Authorization", "Bearer " + key.secret());
  }

  @ParameterizedTest
  @CsvSource({"limits, 503, 200", "budgets, 200, 503"})
  void whereItsAnswerIsNeededWhoeverHasALimitIsRefused(String concern, int limited, int budgeted)
      throws Exception {
    redis.answer(command -> "-ERR away\r\n");
    try (Gateway gateway = gateway("iir.state.on-failure." + concern + "=closed")) {
      assertThat(chat(gateway, gateway.newKey(FREE)).statusCode()).isEqualTo(200);
      assertThat(chat(gateway, gateway.newKey(LIMITED)).statusCode()).isEqualTo(limited);
      assertThat(chat(gateway, gateway.newKey(BUDGETED)).statusCode()).isEqualTo(budgeted);
      HttpResponse<String> refused =
          chat(gateway, gateway.newKey(limited == 503 ? LIMITED : BUDGETED));
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(Gateway.json(refused.body()).path("error").path("message").asText())
          .contains("Redis");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        ":7\r\n",
        "$-1\r\n",
        "+PONG\r\n",
        "*-1\r\n",
        "*0\r\n",
        "*1\r\n$3\r\nfoo\r\n",
        "*2\r\n:0\r\n:-5\r\n",
        "*1\r\n:2\r\n",
        "*2\r\n:3\r\n:99\r\n",
        "*11\r\n:1\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n:9\r\n:9\r\n:9\r\n",
        "$9223372036854775807\r\n",
        "-OOM command not allowed when used memory > 'maxmemory'.\r\n"
      })
  void nonsenseIsNotBelieved(String nonsense) {
    redis.answer(command -> command.equals("PING") ? "+PONG\r\n" : nonsense);
    double before = fallbacks();
    NewKey key = open.newKey(LIMITED);
    assertThat(chat(open, key).statusCode()).as("the first request").isEqualTo(200);
    for (int i = 1; i < 5; i++) { // 429 where it is believed how many gateways there are
      assertThat(chat(open, key).statusCode()).as("request %d", i).isIn(200, 429);
    }
    assertThat(chat(open, key).statusCode()).isEqualTo(429);
    assertThat(fallbacks()).isGreaterThan(before);
  }

  private double fallbacks() {
    return open.bean(MeterRegistry.class)
        .get(Meters.THROTTLE_FALLBACKS.id())
        .functionCounter()
        .count();
  }
}
