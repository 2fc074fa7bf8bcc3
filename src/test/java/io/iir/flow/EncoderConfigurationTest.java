package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iir.classify.SecondStage;
import io.iir.classify.encoder.FakeStage;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.classify.encoder.SecondOpinions.State;
import io.iir.config.ClassifySettings;
import io.iir.config.ClassifySettings.Encoder;
import io.iir.config.JudgeSettings;
import io.iir.config.StartException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether there is a second stage: what is set, and what the gateway was built with. */
class EncoderConfigurationTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private @Nullable SecondOpinions opinions(Encoder encoder, @Nullable SecondStage stage) {
    return EncoderConfiguration.of(settings(encoder), stage, FakeStage.BESIDE, registry);
  }

  private static ClassifySettings settings(Encoder encoder) {
    Duration minute = Duration.ofMinutes(1);
    return new ClassifySettings(
        null, 0, encoder, 0.8, minute, 1, 10, minute, minute, minute, JudgeSettings.OFF);
  }

  @Test
  void autoDoesWithoutAnEncoderThatIsNotThere() {
    assertThat(opinions(Encoder.AUTO, null)).isNull();
    assertThat(opinions(Encoder.OFF, null)).isNull();
  }

  @Test
  void onSaysWhatToDoWhereItIsNotThere() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> opinions(Encoder.ON, null))
        .withMessage("iir.classify.encoder is on, but this gateway was built without the encoder.")
        .satisfies(refused ->
            assertThat(refused.remedy())
                .isEqualTo(
                    "Build it with ./mvnw package -P encoder, or set iir.classify.encoder to auto"
                        + " or off."));
  }

  @Test
  void bothUseTheOneThatIsThereAndCountItsAnswers() {
    for (Encoder encoder : new Encoder[] {Encoder.AUTO, Encoder.ON}) {
      registry.clear();
      try (SecondOpinions opinions = opinions(encoder, new FakeStage())) {
        Objects.requireNonNull(opinions);
        await().until(() -> opinions.state() == State.READY);
        opinions.ask("Write a poem.").join();
        opinions.ask("Write a poem.").join();
        assertThat(count("read")).isEqualTo(1);
        assertThat(count("kept")).isEqualTo(1);
        assertThat(count("busy")).isZero();
      }
    }
  }

  private double count(String result) {
    return registry.get("iir.classify.encoder").tag("result", result).functionCounter().count();
  }
}
