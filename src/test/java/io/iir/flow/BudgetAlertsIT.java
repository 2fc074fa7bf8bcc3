package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of budgets: to operators when they are nearly used up, and to rules. */
class BudgetAlertsIT {

  private static final String RULES =
      """
      - route:
          id: provider-choice
          description: The cheap one when less than half is left
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: named
                      simple: "${variable.strategy} == 'pass-through'"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.provider}/${variable.model}"}
                    - id: nearly-spent
                      simple: "${variable.budgetLeft} < 0.0005"
                      steps:
                        - setVariable: {name: targets, constant: cheap/m}
                  otherwise:
                    id: enough
                    steps:
                      - setVariable: {name: targets, constant: dear/m}
      """;
  private static final String ALERTS =
      """
      - route:
          id: budget-alert
          description: Keep it for the test
          from:
            uri: direct:budget-alert
            steps:
              - to: {id: budget-alert.keep, uri: "seda:heard"}
      """;

  @TempDir static Path routes;
  private static final FakeProvider DEAR = new FakeProvider(call -> call.completion("Hi", 200, 0));
  private static final FakeProvider CHEAP = new FakeProvider(call -> call.completion("Hi", 200, 0));
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(routes.resolve("provider-choice.camel.yaml"), RULES);
    Files.writeString(routes.resolve("budget-alert.camel.yaml"), ALERTS);
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("dear", DEAR.baseUrl()),
                Gateway.provider("cheap", CHEAP.baseUrl()),
                new String[] {
                  "iir.routes-dir=" + routes,
                  "iir.cache.enabled=false",
                  "iir.models[0].id=dear/m",
                  "iir.models[0].price.input=1",
                  "iir.models[0].price.output=2",
                  "iir.models[1].id=cheap/m",
                  "iir.models[1].price.input=0.001",
                  "iir.models[1].price.output=0.002",
                  "iir.budgets.alert-at=50,80"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    DEAR.close();
    CHEAP.close();
  }

  private static NewKey key(String name, String usd) {
    return gateway.newKey(
        "{\"name\":\"%s\",\"budget\":{\"usd\":%s,\"period\":\"month\"}}".formatted(name, usd));
  }

  private static HttpResponse<String> chat(NewKey key, String model) {
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model":"%s","max_tokens":1,"messages":[{"role":"user","content":"Hello"}]}\
            """
                .formatted(model),
            "Authorization",
            "Bearer " + key.secret());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static double count(Meters meter) {
    return gateway.bean(MeterRegistry.class).find(meter.id()).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** The next alert of a key's budget. */
  private static JsonNode next(ConsumerTemplate alerts, NewKey key) {
    JsonNode alert;
    do {
      alert = Gateway.json(alerts.receiveBody("seda:heard", 10_000, String.class));
    } while (!alert.path("id").textValue().equals(key.id()));
    return alert;
  }

  @Test
  void eachShareIsToldOnce() throws Exception {
    double before = count(Meters.BUDGET_ALERTS);
    NewKey key = key("web", "0.001");
    List<JsonNode> heard = new ArrayList<>();
    try (ConsumerTemplate alerts = gateway.bean(CamelContext.class).createConsumerTemplate()) {
      for (int i = 0; i < 4; i++) { // a fifth of the budget each
        chat(key, "dear/m");
        if (i >= 2) {
          heard.add(next(alerts, key));
        }
      }
      for (int i = 0; i < 5; i++) {
        chat(key, "cheap/m");
      }
      for (String rest = alerts.receiveBodyNoWait("seda:heard", String.class);
          rest != null;
          rest = alerts.receiveBodyNoWait("seda:heard", String.class)) {
        assertThat(rest).doesNotContain(key.id());
      }
    }
    assertThat(count(Meters.BUDGET_ALERTS) - before).isEqualTo(2);
    assertThat(heard).extracting(each -> each.path("percent").intValue()).containsExactly(50, 80);
    JsonNode last = heard.getLast();
    assertThat(last.path("object").textValue()).isEqualTo("budget_alert");
    assertThat(last.path("scope").textValue()).isEqualTo("key");
    assertThat(last.path("id").textValue()).isEqualTo(key.id());
    assertThat(last.path("name").textValue()).isEqualTo("web");
    assertThat(last.path("usd").decimalValue()).isEqualByComparingTo("0.001");
    assertThat(last.path("used_usd").decimalValue()).isEqualByComparingTo("0.0008");
    assertThat(last.path("period").textValue()).isEqualTo("month");
    assertThat(last.path("resets_at").textValue()).endsWith("-01T00:00:00Z");
    assertThat(last.path("at").textValue()).endsWith("Z");
  }

  @Test
  void rulesChooseByWhatIsLeft() {
    NewKey key = key("auto", "0.001");
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      chosen.add(chat(key, "auto").headers().firstValue("X-Route-Provider").orElse(""));
    }
    assertThat(chosen).containsExactly("dear", "dear", "dear", "cheap", "cheap");
    NewKey without = gateway.newKey("{\"name\":\"without\"}");
    assertThat(chat(without, "auto").headers().firstValue("X-Route-Provider")).hasValue("dear");
  }

  @Test
  void aProviderThatCountsMoreThanItWasAllowedIsCountedAsSuch() {
    double before = count(Meters.BUDGET_OVERSHOOT);
    NewKey key = key("over", "1");
    chat(key, "dear/m");
    assertThat(count(Meters.BUDGET_OVERSHOOT)).isEqualTo(before);
    DEAR.behave(call -> call.completion("Hi", 5_000, 0));
    chat(key, "dear/m");
    DEAR.behave(call -> call.completion("Hi", 200, 0));
    assertThat(count(Meters.BUDGET_OVERSHOOT)).isEqualTo(before + 1);
    JsonNode budget =
        Gateway.json(gateway.get("/api/v1/apikeys/" + key.id()).body()).path("budget");
    assertThat(budget.path("used_usd").decimalValue()).isEqualByComparingTo("0.0052");
  }
}
