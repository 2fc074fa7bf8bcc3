package io.iir.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.flow.Wishes;
import org.junit.jupiter.api.Test;

class FactValuesTest {

  @Test
  void knowsTheStrategiesThatClientsCanWishFor() {
    assertThat(FactValues.STRATEGIES).containsExactlyElementsOf(Wishes.strategies());
  }
}
