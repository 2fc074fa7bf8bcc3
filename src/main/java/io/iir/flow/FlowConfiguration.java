package io.iir.flow;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.spring.boot.CamelSpringBootApplicationListener;
import org.apache.camel.support.EventNotifierSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What routes share. */
@Configuration(proxyBeanMethods = false)
public class FlowConfiguration {

  /** The bean to name in {@code threads} before a step that blocks: SQL, files. */
  public static final String BLOCKING = "blocking";

  /**
   * No route handles a failure by itself, nor logs it: the one that comes back to an entry is
   * answered there, by {@link EntryPolicy}.
   */
  @Bean
  CamelContextCustomizer failuresAreTheEntrys() {
    return context -> {
      ExtendedCamelContext extension = context.getCamelContextExtension();
      extension.setErrorHandlerFactory(new NoErrorHandlerDefinition());
      extension.addContextPlugin(ProcessorFactory.class, new CatchAll());
    };
  }

  /**
   * The starter's notifier waits for the start of the context, and for that alone: it need not be
   * told of each exchange and each call of a step, for which Camel would make some twenty events a
   * request.
   */
  @Bean
  CamelContextConfiguration startersNotifierHearsOfTheStartOnly() {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext context) {}

      @Override
      public void afterApplicationStart(CamelContext context) {
        for (EventNotifier each : context.getManagementStrategy().getEventNotifiers()) {
          if (each instanceof EventNotifierSupport starters
              && CamelSpringBootApplicationListener.class.equals(
                  each.getClass().getEnclosingClass())) {
            starters.setIgnoreExchangeEvents(true);
          }
        }
      }
    };
  }

  /**
   * A virtual thread for each task, for event loops must never wait. Found by its name alone, or
   * Spring Boot would make no task executor of its own, which the starter's HTTP engine needs.
   */
  @Bean(name = BLOCKING, defaultCandidate = false, destroyMethod = "shutdown")
  ExecutorService blocking() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("blocking-", 0).factory());
  }
}
