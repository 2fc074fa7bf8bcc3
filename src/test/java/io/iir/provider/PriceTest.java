package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PriceTest {

  private static Price price(String input, String output) {
    return new Price(new BigDecimal(input), new BigDecimal(output));
  }

  @Test
  void costsBillionthsRoundedOnce() {
    assertThat(price("2.5", "10").nanoUsd(1000, 200)).isEqualTo(2_500_000 + 2_000_000);
    assertThat(price("0.0004", "0.0001").nanoUsd(1, 1)).as("0.5").isOne();
    assertThat(price("0.0004", "0").nanoUsd(1, 1)).as("0.4").isZero();
    assertThat(Price.FREE.nanoUsd(1_000_000, 1_000_000)).isZero();
    assertThat(price("1E+20", "0").nanoUsd(1_000_000_000, 0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void threeInFourTokensAreThePrompts() {
    assertThat(price("2.5", "10").blended()).isEqualTo(4.375);
  }

  @Test
  void theDirectoryKnowsPrices() {
    ProviderDirectory directory = new Catalogue().directory;
    assertThat(Objects.requireNonNull(directory.price(new ModelName("openai", "mini"))).input())
        .isEqualTo("0.15");
    assertThat(directory.price(new ModelName("vllm", "qwen"))).isEqualTo(Price.FREE);
    assertThat(directory.price(new ModelName("sim", "echo"))).isEqualTo(Price.FREE);
    assertThat(directory.price(new ModelName("openai", "odd"))).isNull();
    assertThat(directory.price(new ModelName("openai", "none"))).isNull();
    assertThat(directory.price(new ModelName("none", "none"))).isNull();
  }
}
