package io.iir.feedback;

import io.iir.classify.Classifier;
import io.iir.config.IirProperties;
import io.iir.usage.LedgerWriter;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is learned from answers. */
@Configuration(proxyBeanMethods = false)
public class FeedbackConfiguration {

  @Bean
  QualityGate qualityGate(Classifier classifier) {
    return new QualityGate(classifier::version);
  }

  @Bean
  FeedbackStore feedbackStore(DataSource database) {
    return new FeedbackStore(database);
  }

  @Bean
  Retries clientRetriesOnStrongerModels(FeedbackStore store, IirProperties properties) {
    Retries retries = new Retries(properties.classify().retryWithin(), store::failed);
    retries.start();
    return retries;
  }

  @Bean
  Learning learning(
      FeedbackStore store,
      DataSource database,
      QualityGate gate,
      LedgerWriter ledger,
      Classifier classifier,
      IirProperties properties,
      Clock clock) {
    return new Learning(
        store,
        new CalibrationStore(database),
        gate,
        ledger,
        classifier::version,
        properties.classify(),
        properties.routing().qualityTarget(),
        clock);
  }

  @Bean
  LearningWatch learningWatch(Learning learning) {
    LearningWatch watch = new LearningWatch(learning);
    watch.start();
    return watch;
  }
}
