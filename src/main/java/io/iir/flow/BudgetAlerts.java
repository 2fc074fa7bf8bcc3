package io.iir.flow;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.config.IirProperties;
import io.iir.metrics.FlowMeters;
import io.iir.throttle.Budget;
import io.iir.throttle.BudgetWatch;
import io.iir.throttle.Quota;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Tells operators when a budget is used up to one of the shares of {@code iir.budgets.alert-at}:
 * once for each budget, period and share, by a line in the log, a meter, and the route {@code
 * budget-alert}, which they may replace by their own. Also shows how far the budgets of the gateway
 * and of teams are used, which are few. Where an answer goes beyond several shares at once the
 * largest is told. Remembers in this process alone, of the ten thousand budgets that were told
 * last. Thread-safe; the route is called on a thread of its own.
 */
@Component
public final class BudgetAlerts implements BudgetWatch {

  private static final Logger LOG = LoggerFactory.getLogger(BudgetAlerts.class);
  private static final String ROUTE = "direct:budget-alert";
  private static final int MOST_TOLD = 10_000;

  private final int[] shares;
  private final ObjectProvider<CamelContext> camel;
  private final ExecutorService executor;
  private final FlowMeters meters;
  private final Clock clock;

  /** The largest share of each that was told. Wakes no other thread to keep house. */
  private final ConcurrentMap<Spending, Integer> told =
      Caffeine.newBuilder()
          .maximumSize(MOST_TOLD)
          .executor(Runnable::run)
          .<Spending, Integer>build()
          .asMap();

  /**
   * One period of a budget. After a change of a budget requests that began before it end with the
   * old one.
   *
   * @param start of the period, in milliseconds of the epoch
   */
  private record Spending(Scope scope, String id, Budget budget, long start) {}

  /** Alerts at the shares that {@code properties} name, by the route of {@code camel}. */
  public BudgetAlerts(
      IirProperties properties,
      ObjectProvider<CamelContext> camel,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService executor,
      FlowMeters meters,
      Clock clock) {
    this.shares =
        properties.budgets().alertAt().stream().mapToInt(Integer::intValue).sorted().toArray();
    this.camel = camel;
    this.executor = executor;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public void spent(Quota quota, long start, long nanoUsd) {
    Budget budget = quota.budget();
    if (budget == null) {
      return;
    }
    Subject subject = quota.subject();
    if (subject.scope() != Scope.KEY) {
      String name = subject.scope() == Scope.GATEWAY ? Scope.GATEWAY.word() : subject.name();
      meters.budgetUsed(subject.scope().word(), name, used(budget, start, nanoUsd));
    }
    int reached = reached(budget, nanoUsd);
    if (reached > 0 && isNew(new Spending(subject.scope(), subject.id(), budget, start), reached)) {
      tell(
          new BudgetAlert(
              subject, budget, Instant.ofEpochMilli(start), reached, nanoUsd, clock.instant()));
    }
  }

  /** The share that is used: none when the period is over, though nothing is spent in the next. */
  private DoubleSupplier used(Budget budget, long start, long nanoUsd) {
    double share = (double) nanoUsd / budget.nanoUsd();
    Instant end = budget.period().end(Instant.ofEpochMilli(start));
    long endMillis = end == null ? Long.MAX_VALUE : end.toEpochMilli();
    return () -> clock.millis() < endMillis ? share : 0;
  }

  /** The largest share that is reached; 0: none. */
  private int reached(Budget budget, long nanoUsd) {
    int reached = 0;
    for (int share : shares) {
      if (isReached(budget, nanoUsd, share)) {
        reached = share;
      }
    }
    return reached;
  }

  private static boolean isReached(Budget budget, long nanoUsd, int share) {
    // Budget.MOST times 100 fits a long; what is spent may be anything.
    return nanoUsd >= Math.ceilDiv(budget.nanoUsd() * share, 100L);
  }

  private boolean isNew(Spending spending, int percent) {
    Integer before = told.get(spending);
    while (before == null || before < percent) {
      if (before == null) {
        before = told.putIfAbsent(spending, percent);
        if (before == null) {
          return true;
        }
      } else if (told.replace(spending, before, percent)) {
        return true;
      } else {
        before = told.get(spending);
      }
    }
    return false;
  }

  private void tell(BudgetAlert alert) {
    LOG.warn("{}", alert.words());
    meters.budgetAlert(alert.subject().scope().word());
    try {
      executor.execute(() -> send(alert));
    } catch (RejectedExecutionException e) {
      LOG.warn("the route budget-alert is not told: the gateway is being stopped");
    }
  }

  private void send(BudgetAlert alert) {
    try (ProducerTemplate route = camel.getObject().createProducerTemplate()) {
      route.sendBodyAndHeader(ROUTE, alert.json(), Exchange.CONTENT_TYPE, "application/json");
    } catch (IOException | CamelExecutionException e) {
      LOG.warn("the route budget-alert has failed: {}", String.valueOf(e.getCause()));
    }
  }
}
