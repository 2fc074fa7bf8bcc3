package io.iir.management;

import io.iir.cache.AnswerCache;
import io.iir.cluster.Replicas;
import io.iir.config.IirProperties;
import io.iir.jmx.ShownBeans;
import io.iir.redis.Redis;
import io.iir.rules.Rules;
import io.iir.store.StoreHealth;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows the gateway's parts over JMX, with or without a management port. */
@Configuration(proxyBeanMethods = false)
class BeansConfiguration {

  @Bean(destroyMethod = "close")
  ShownBeans shownBeans(
      IirProperties properties,
      Rules rules,
      AnswerCache cache,
      Replicas replicas,
      ObjectProvider<Redis> redis,
      StoreHealth health,
      MeterRegistry registry) {
    CountedMeters counted = new CountedMeters(registry);
    ShownBeans beans = new ShownBeans();
    beans.show(
        "Rules",
        new RulesView(rules, JmxAudit.actor(properties.management()), counted),
        RulesMXBean.class);
    beans.show("Cache", new CacheView(cache), CacheMXBean.class);
    beans.show(
        "Limits",
        new LimitsView(redis.getIfAvailable(), replicas::count, counted),
        LimitsMXBean.class);
    beans.show("Ledger", new LedgerView(health, counted), LedgerMXBean.class);
    return beans;
  }
}
