package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import java.math.BigDecimal;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls cost that bring no answer, end to end. */
class FailedCallsIT {

  private static final String ASK =
      """
      {"model":"dear/m","max_tokens":9,"stream":%s,\
      "messages":[{"role":"user","content":"Hello"}]}\
      """;

  @SuppressWarnings("NullAway.Init") // set before all
  private static FakeProvider dear;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    dear = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("dear", dear.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.retry.attempts=0",
                  "iir.providers.dear.timeouts.first-token=1s",
                  "iir.models[0].id=dear/m",
                  "iir.models[0].price.input=1",
                  "iir.models[0].price.output=2",
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    dear.close();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("reset", (FakeProvider.Behaviour) FakeProvider.Call::reset, true),
        Arguments.of("silent", (FakeProvider.Behaviour) FakeProvider.Call::awaitLeaving, true),
        Arguments.of(
            "no answer", (FakeProvider.Behaviour) call -> call.json(200, "{\"a\":1}"), true),
        Arguments.of("failed", (FakeProvider.Behaviour) call -> call.json(500, "{}"), false),
        Arguments.of("limited", (FakeProvider.Behaviour) call -> call.json(429, "{}"), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void whatWasSentIsPaidForUnlessItIsRefused(
      String name, FakeProvider.Behaviour behaviour, boolean costs) {
    dear.behave(behaviour);
    NewKey key = gateway.newKey("{\"name\":\"web\",\"budget\":{\"usd\":1,\"period\":\"total\"}}");
    String bearer = "Bearer " + key.secret();

    assertThat(gateway.chat(ASK.formatted("true"), "Authorization", bearer).statusCode())
        .as(name)
        .isGreaterThanOrEqualTo(429);
    JsonNode used = used(key);

    dear.behave(call -> call.completion("Hi", 5, 1));
    assertThat(gateway.chat(ASK.formatted("false"), "Authorization", bearer).statusCode())
        .isEqualTo(200);
    BigDecimal first = used.decimalValue();
    assertThat(first.signum()).isEqualTo(costs ? 1 : 0);
    assertThat(used(key).decimalValue().subtract(first)).isEqualByComparingTo("0.000007");
  }

  private static JsonNode used(NewKey key) {
    return Gateway.json(
            gateway
                .get("/api/v1/apikeys/" + key.id(), "Authorization", "Bearer " + Gateway.ADMIN_KEY)
                .body())
        .path("budget")
        .path("used_usd");
  }
}
