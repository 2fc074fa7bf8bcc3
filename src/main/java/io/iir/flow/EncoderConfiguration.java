package io.iir.flow;

import io.iir.classify.Classifier;
import io.iir.classify.SecondStage;
import io.iir.classify.encoder.Bounds;
import io.iir.classify.encoder.Result;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.classify.encoder.SecondStages;
import io.iir.config.ClassifySettings;
import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The second stage of classification, if it is wanted and there. */
@Configuration(proxyBeanMethods = false)
public class EncoderConfiguration {

  /** The encoder's bounds, and its answers; null where none is asked. */
  @Bean
  @Nullable SecondOpinions secondOpinions(
      IirProperties properties, Classifier classifier, MeterRegistry registry) {
    ClassifySettings settings = properties.classify();
    return of(
        settings,
        settings.encoder() == ClassifySettings.Encoder.OFF ? null : SecondStages.find(),
        classifier.version(),
        registry);
  }

  static @Nullable SecondOpinions of(
      ClassifySettings settings,
      @Nullable SecondStage stage,
      String first,
      MeterRegistry registry) {
    if (stage == null) {
      if (settings.encoder() == ClassifySettings.Encoder.ON) {
        throw new StartException(
            "iir.classify.encoder is on, but this gateway was built without the encoder.",
            "Build it with ./mvnw package -P encoder, or set iir.classify.encoder to auto or off.",
            null);
      }
      return null;
    }
    SecondOpinions opinions =
        new SecondOpinions(
            stage,
            first,
            new Bounds(
                settings.encoderTimeout(), settings.encoderThreads(), settings.encoderKept()));
    for (Result result : Result.values()) {
      FunctionCounter.builder(Meters.CLASSIFY_ENCODER.id(), opinions, all -> all.count(result))
          .tag("result", result.word())
          .register(registry);
    }
    return opinions;
  }
}
