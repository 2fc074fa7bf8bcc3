package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.IirProperties;
import io.iir.metrics.FlowMeters;
import io.iir.openai.JsonBytes;
import io.iir.throttle.Budget;
import io.iir.throttle.Limits;
import io.iir.throttle.Period;
import io.iir.throttle.Quota;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class BudgetAlertsTest {

  private static final Subject KEY = new Subject(Scope.KEY, "key_1", "web");
  private static final long JANUARY = Instant.parse("2031-01-01T00:00:00Z").toEpochMilli();
  private static final long FEBRUARY = Instant.parse("2031-02-01T00:00:00Z").toEpochMilli();

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2031-02-01T00:00:01Z"));
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final BudgetAlerts alerts =
      new BudgetAlerts(
          new Binder(new MapConfigurationPropertySource(Map.of("iir.budgets.alert-at", "80,100")))
              .bindOrCreate("iir", IirProperties.class),
          new StaticListableBeanFactory(Map.of("camel", context))
              .getBeanProvider(CamelContext.class),
          executor,
          new FlowMeters(meters, List.of()),
          clock);

  @BeforeEach
  void start() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:budget-alert")
                .process(exchange -> told.add(exchange.getMessage().getBody(String.class)));
          }
        });
    context.disableJMX();
    context.start();
  }

  @AfterEach
  void stop() {
    executor.close();
    context.stop();
  }

  private static Quota quota(long nanoUsd) {
    return new Quota(KEY, Limits.NONE, new Budget(nanoUsd, Period.MONTH));
  }

  /** The shares that were told, and of which budget. */
  private List<String> told() {
    executor.close();
    return told.stream()
        .map(BudgetAlertsTest::json)
        .map(alert -> alert.path("percent").asText() + "% of " + alert.path("usd").asText())
        .toList();
  }

  private static JsonNode json(String text) {
    return JsonBytes.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theShareOfTheGatewaysBudgetHasItsName() {
    Budget budget = new Budget(100, Period.DAY);
    Quota quota = new Quota(new Subject(Scope.GATEWAY, "", ""), Limits.NONE, budget);
    alerts.spent(quota, FEBRUARY, 25);
    assertThat(meters.get("iir.budget.used").tag("name", "gateway").gauge().value())
        .isEqualTo(0.25);
  }

  @Test
  void eachShareIsToldOnceInAPeriod() {
    Quota quota = quota(1_000_000_000);
    for (long spent = 0; spent <= 1_200_000_000; spent += 50_000_000) {
      alerts.spent(quota, JANUARY, spent);
    }
    alerts.spent(quota, FEBRUARY, 850_000_000);
    alerts.spent(quota, JANUARY, 1_300_000_000);

    assertThat(told()).containsExactly("80% of 1", "100% of 1", "80% of 1");
  }

  @Test
  void aBudgetThatIsChangedWhileRequestsRunIsNotToldAgainAndAgain() {
    for (int i = 0; i < 5; i++) {
      alerts.spent(quota(1_000_000_000), JANUARY, 900_000_000);
      alerts.spent(quota(1_100_000_000), JANUARY, 900_000_000);
    }

    assertThat(told()).containsExactly("80% of 1", "80% of 1.1");
  }

  @Test
  void whoGoesBeyondSeveralSharesAtOnceIsToldTheLargest() {
    alerts.spent(quota(1_000_000_000), JANUARY, 100);
    alerts.spent(quota(1_000_000_000), JANUARY, 2_000_000_000);

    assertThat(told()).containsExactly("100% of 1");
  }

  @Test
  void thePeriodIsTheOneThatWasSpentInThoughItIsOver() {
    alerts.spent(quota(1_000_000_000), JANUARY, 900_000_000);
    executor.close();

    assertThat(json(told.getFirst()).path("resets_at").asText()).isEqualTo("2031-02-01T00:00:00Z");
  }

  @Test
  void whileTheGatewayIsStoppedTheRouteIsNotCalledAndNothingBreaks() {
    executor.shutdownNow();

    alerts.spent(quota(1_000_000_000), JANUARY, 900_000_000);

    assertThat(told()).isEmpty();
    assertThat(meters.get("iir.budget.alerts").counter().count()).isEqualTo(1);
  }

  @Test
  void whatATeamHasUsedIsShownUntilItsPeriodIsOver() {
    Subject team = new Subject(Scope.TEAM, "blue", "blue");
    alerts.spent(
        new Quota(team, Limits.NONE, new Budget(1_000_000_000, Period.MONTH)),
        FEBRUARY,
        1_000_000_000);
    Subject other = new Subject(Scope.TEAM, "red", "red");
    alerts.spent(
        new Quota(other, Limits.NONE, new Budget(1_000_000_000, Period.TOTAL)), 0, 500_000_000);
    assertThat(used("blue")).isEqualTo(1);
    now.set(Instant.parse("2031-02-28T23:59:59Z"));
    assertThat(used("blue")).isEqualTo(1);
    now.set(Instant.parse("2031-03-01T00:00:00Z"));
    assertThat(used("blue")).isZero();
    assertThat(used("red")).isEqualTo(0.5);
  }

  private double used(String team) {
    return meters.get("iir.budget.used").tag("name", team).gauge().value();
  }
}
