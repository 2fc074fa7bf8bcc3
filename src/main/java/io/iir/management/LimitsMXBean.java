package io.iir.management;

import io.iir.jmx.About;
import java.util.Map;

/** What JMX shows of limits and budgets: {@code io.iir:type=Limits}. */
@About("Limits and budgets")
public interface LimitsMXBean {

  /** Where they are counted. */
  @About(
      "Where they are counted: redis, by all gateways together, or memory, also while Redis is"
          + " away")
  String getCountedIn();

  /** How many gateways share them. */
  @About("How many gateways share one Redis, as far as this one knows")
  int getReplicas();

  /** Refusals by limit. */
  @About("How many requests were refused, by the limit that was reached")
  Map<String, Long> getRefusals();

  /** Refusals by scope. */
  @About("How many requests were refused, by whose limit it was: key, team, model, gateway")
  Map<String, Long> getRefusalsByScope();

  /** Decisions without Redis. */
  @About("How many decisions were made without Redis, which was away")
  long getFallbacks();

  /** Alerts that a budget is nearly used up. */
  @About("How often it was told that a budget is nearly used up")
  long getBudgetAlerts();
}
