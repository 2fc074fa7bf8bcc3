package io.iir.feedback;

import io.iir.classify.Classifier;
import io.iir.config.IirProperties;
import io.iir.metrics.FeedbackMeters;
import io.iir.usage.LedgerWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Arrays;
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
  FeedbackMeters feedbackMeters(MeterRegistry registry) {
    return new FeedbackMeters(
        registry,
        Arrays.stream(Scorer.values()).map(Scorer::word).toList(),
        Arrays.stream(Judge.Outcome.values()).map(Judge.Outcome::word).toList());
  }

  @Bean
  Judge judge(
      IirProperties properties,
      Models models,
      FeedbackStore store,
      FeedbackMeters meters,
      Clock clock) {
    return new Judge(properties.classify().judge(), models, store, meters, clock);
  }

  @Bean
  Retries clientRetriesOnStrongerModels(
      FeedbackStore store, FeedbackMeters meters, IirProperties properties) {
    Retries retries =
        new Retries(
            properties.classify().retryWithin(),
            (answers, at) -> meters.events(Scorer.RETRY.word(), store.failed(answers, at)));
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
