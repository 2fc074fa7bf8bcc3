package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class QualityGateTest {

  @Test
  void aCalibrationHoldsForItsClassifierAlone() {
    AtomicReference<String> classifier = new AtomicReference<>("1-a");
    QualityGate gate = new QualityGate(classifier::get);
    assertThat(gate.live()).isNull();
    Calibration made =
        new Calibration(
            1,
            Instant.EPOCH,
            Calibration.Source.COMMAND,
            "tester",
            Calibration.Outcome.ACCEPTED,
            "1-a",
            0.95,
            Map.of());
    gate.use(made);
    assertThat(gate.live()).isEqualTo(made);
    classifier.set("rules");
    assertThat(gate.live()).isNull();
  }
}
