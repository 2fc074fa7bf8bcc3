package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.IirProperties;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalanceTest {

  private final Breakers breakers =
      new Breakers(IirProperties.Breaker.DEFAULT, System::nanoTime, (provider, state) -> {});
  private final List<Endpoint> endpoints =
      IntStream.range(0, 4)
          .mapToObj(i -> URI.create("http://10.0.0." + i + "/v1"))
          .map(this::at)
          .toList();
  private final Random random = new Random(7);

  private Endpoint at(URI url) {
    return new Endpoint(url, breakers.passing("p", url.toString()));
  }

  @Test
  void ofTwoTheOneThatCostsLess() {
    endpoints.get(1).began(900e6);
    endpoints.get(2).began(100e6);
    for (int i = 0; i < 20; i++) {
      assertThat(Balance.cheapest(endpoints, 0b0110, random)).isEqualTo(2);
    }
    IntStream.range(0, 9).forEach(i -> endpoints.get(2).begin());
    for (int i = 0; i < 20; i++) {
      assertThat(Balance.cheapest(endpoints, 0b0110, random)).as("10 x 100 ms").isEqualTo(1);
    }
  }

  @Test
  void aNegativeTimeIsNone() {
    endpoints.getFirst().began(-7e9);
    assertThat(endpoints.getFirst().latencyNanos()).isNaN();
    endpoints.getFirst().began(100e6);
    endpoints.getFirst().began(-7e9);
    assertThat(endpoints.getFirst().latencyNanos()).isEqualTo(100e6);
    assertThat(endpoints.getFirst().cost()).isPositive();
  }

  @Test
  void drawsAllThatAreOpenAndNoOther() {
    int[] drawn = new int[4];
    for (int i = 0; i < 3000; i++) {
      drawn[Balance.cheapest(endpoints, 0b1011, random)]++;
    }
    assertThat(drawn[2]).isZero();
    assertThat(drawn[0]).isBetween(500, 1500);
    assertThat(drawn[1]).isBetween(500, 1500);
    assertThat(Balance.cheapest(endpoints, 0b1000, random)).isEqualTo(3);
    assertThat(Balance.cheapest(endpoints, 0, random)).isEqualTo(-1);
  }

  @Test
  void aHashKeepsItsEndpointWhateverBecomesOfTheOthers() {
    int moved = 0;
    int[] of = new int[4];
    for (long hash = 0; hash < 2000; hash++) {
      int all = Balance.nearest(endpoints, 0b1111, hash);
      int without = Balance.nearest(endpoints, 0b1101, hash);
      of[all]++;
      assertThat(without).isNotEqualTo(1);
      moved += all == without ? 0 : 1;
    }
    assertThat(moved).as("only those of the one that is gone").isEqualTo(of[1]);
    for (int count : of) {
      assertThat(count).isBetween(400, 600);
    }
  }

  @Test
  void whoHasMoreThanItsShareIsPassedOver() {
    int home = Balance.nearest(endpoints, 0b1111, 11);
    endpoints.get(home).begin();
    endpoints.get(home).begin();
    assertThat(Balance.nearest(endpoints, 0b1111, 11)).isNotEqualTo(home);
    IntStream.range(0, 4).forEach(i -> endpoints.get(i).begin());
    IntStream.range(0, 4).forEach(i -> endpoints.get(i).begin());
    endpoints.get(home).end();
    assertThat(Balance.nearest(endpoints, 0b1111, 11))
        .as("the others are busy too")
        .isEqualTo(home);
  }
}
