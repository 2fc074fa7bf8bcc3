package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderTest {

  private static Provider with(List<String> models) {
    return Provider.sim("many").with(new ModelPolicy.Listed(models));
  }

  @Test
  void hashesWithoutLookingAtItsModels() {
    Provider few = with(List.of("one"));
    Provider others = with(List.of("two", "three"));

    assertThat(few).hasSameHashCodeAs(others).isNotEqualTo(others);
    assertThat(with(List.of("one"))).isEqualTo(few).hasSameHashCodeAs(few);
  }
}
