package io.iir.rules;

import io.iir.config.IirProperties;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.MeterReading;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.check.RuleReader;
import io.iir.rules.language.Vocabulary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the rules' parts together, and starts them before the flow takes its first request. */
@Configuration(proxyBeanMethods = false)
class RulesConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(RulesConfiguration.class);

  @Bean
  RuleFolder ruleFolder(IirProperties properties) {
    return new RuleFolder(properties.routesPath());
  }

  @Bean
  DecisionLog decisionLog(IirProperties properties) {
    return new DecisionLog(properties.rules().record(), properties.rules().recordRate());
  }

  @Bean
  RuleStore ruleStore(DataSource database, IirProperties properties) {
    return new RuleStore(database, properties.rules().history());
  }

  @Bean
  Prover prover(IirProperties properties, ProviderDirectory directory, DecisionLog log) {
    Vocabulary vocabulary =
        new Vocabulary(
            Set.copyOf(properties.rules().headers()), Map.of(), new KnownModels(directory));
    return new Prover(vocabulary, new RuleReader(Map.of()), log::recentFacts);
  }

  @Bean(destroyMethod = "close")
  Rules rules(
      RuleFolder folder,
      RuleStore store,
      Prover prover,
      ProviderDirectory directory,
      DecisionLog log,
      FlowMeters meters,
      IirProperties properties,
      Clock clock,
      CamelContext flow) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rules").factory());
    Decider decider = new Decider(meters);
    boolean jmx = flow.getManagementStrategy().getManagementAgent() != null;
    LiveSets sets = new LiveSets(decider, thread, jmx, meters);
    RuleHistory history = new RuleHistory(store);
    RuleLibrary library = new RuleLibrary(folder, history, prover, clock);
    RuleBook book = new RuleBook(folder, history, library, prover, sets, meters, clock);
    decider.onSuspicion(set -> takeBack(set, book, thread));
    IirProperties.Rules settings = properties.rules();
    RuleWatch watch = new RuleWatch(folder, book, thread, settings.poll(), settings.settle());
    Trials trials = new Trials(book::live, book::shipped, prover, directory);
    Set<String> headers = Set.copyOf(settings.headers());
    IntFunction<DecisionExport> export =
        most -> new DecisionExport(directory, headers, log.last(most));
    return new Rules(book, store, watch, decider, sets, trials, log, export, thread);
  }

  @Bean
  MeterReading ruleGauges(Rules rules, MeterRegistry registry) {
    return new RuleGauges(rules, registry);
  }

  /** On the rules' own thread, for it blocks; a gateway that is stopping takes nothing back. */
  private static void takeBack(RuleSet set, RuleBook book, ScheduledExecutorService thread) {
    try {
      thread.execute(() -> {
        try {
          book.takeBack(set);
        } catch (RuntimeException e) {
          LOG.error("rules that fail cannot be taken back", e);
        }
      });
    } catch (RejectedExecutionException stopping) {
      LOG.debug("rules that fail stay: the gateway is stopping", stopping);
    }
  }

  /** No request finds the gateway without rules, and no change comes before they are started. */
  @Bean
  CamelContextConfiguration rulesStart(Rules rules) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext context) {
        rules.start();
      }

      @Override
      public void afterApplicationStart(CamelContext context) {
        rules.watch();
      }
    };
  }
}
