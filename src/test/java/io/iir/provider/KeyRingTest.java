package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Secret;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyRingTest {

  private static final long SECOND = 1_000_000_000L;

  private final KeyRing ring = ring("sk-a", "sk-b", "sk-c");

  private static KeyRing ring(String... keys) {
    return new KeyRing(Stream.of(keys).map(Secret::of).map(ProviderKey::new).toList());
  }

  @Test
  void keysTakeTurns() {
    assertThat(List.of(ring.next(0, 0), ring.next(0, 0), ring.next(0, 0), ring.next(0, 0)))
        .containsExactly(0, 1, 2, 0);
    assertThat(ring.next(0b101, 0)).isEqualTo(1);
    assertThat(ring.next(0b111, 0)).isEqualTo(-1);
  }

  @Test
  void oneThatIsRefusedCoolsAlone() {
    ring.keys().get(1).refused(429, 7 * SECOND, 0);
    for (int i = 0; i < 6; i++) {
      assertThat(ring.next(0, 1)).isNotEqualTo(1);
    }
    assertThat(ring.cooled(1)).isOne();
    assertThat(ring.retrySeconds(1)).isEqualTo(7);
    assertThat(ring.keys().get(1).isCooled(7 * SECOND)).isFalse();
  }

  @Test
  void theWaitGrowsUntilItWorks() {
    ProviderKey key = ring.keys().getFirst();
    long now = 0;
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      key.refused(429, 0, now);
      assertThat(key.until() - now).isEqualTo(seconds * SECOND);
      now = key.until();
    }
    key.worked(now);
    assertThat(key.status()).isZero();
    key.refused(401, 3 * SECOND, now);
    assertThat(key.until() - now).as("a wrong key stays wrong").isEqualTo(300 * SECOND);
    key.refused(401, 0, now);
    assertThat(key.until() - now).as("at the same time").isEqualTo(600 * SECOND);
  }

  @Test
  void aCallFromBeforeTheRefusalSaysNothing() {
    ProviderKey key = ring.keys().getFirst();
    key.refused(429, 60 * SECOND, 10 * SECOND);
    key.worked(9 * SECOND);
    key.worked(10 * SECOND);
    assertThat(key.isCooled(11 * SECOND)).isTrue();
    assertThat(ring.next(0b110, 11 * SECOND)).isEqualTo(-1);
    key.worked(70 * SECOND);
    assertThat(key.status()).isZero();
    key.refused(429, 0, 71 * SECOND);
    assertThat(key.until()).as("the first time again").isEqualTo(76 * SECOND);
  }

  @Test
  void knowsWhenNoneIsLeft() {
    ring.keys().forEach(key -> key.refused(429, 9 * SECOND, 0));
    assertThat(ring.allCooled(1)).isTrue();
    assertThat(ring.onlyLimited(1)).isTrue();
    assertThat(ring.next(0, 1)).isEqualTo(-1);
    ring.keys().get(2).refused(401, 0, 1);
    assertThat(ring.onlyLimited(2)).isFalse();
    assertThat(ring.retrySeconds(1)).isEqualTo(9);
  }

  @Test
  void theOnlyKeyAndNoneAreAlwaysThere() {
    for (KeyRing one : List.of(ring("sk-a"), ring())) {
      assertThat(one.next(0, 0)).isZero();
      assertThat(one.next(1, 0)).isEqualTo(-1);
      assertThat(one.allCooled(0)).isFalse();
    }
  }

  @Test
  void aKeyIsShownByItsHash() {
    ProviderKey key = ring.keys().getFirst();
    assertThat(key.id()).matches("sha256:[0-9a-f]{8}").doesNotContain("sk-a");
    assertThat(key.secret()).hasToString("***");
  }
}
