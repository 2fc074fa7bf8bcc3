package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.config.IirProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final long SECOND = 1_000_000_000L;

  private long nanos = -42;
  private final List<String> heard = new ArrayList<>();
  private final Breakers breakers =
      new Breakers(
          new IirProperties.Breaker(5, 50, Duration.ofSeconds(60), Duration.ofSeconds(5), 2),
          () -> nanos,
          (provider, state) -> heard.add(provider + " " + state));
  private final Breaker breaker = breakers.kept("p", "p/m");

  @Test
  void aBlipOpensNothing() {
    fail(4);
    assertThat(breaker.isClosed()).isTrue();
    fail(1);
    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void whatIsLongAgoIsForgotten() {
    Breakers brief =
        new Breakers(
            new IirProperties.Breaker(5, 50, Duration.ofSeconds(1), Duration.ofSeconds(5), 2),
            System::nanoTime,
            (provider, state) -> {});
    Breaker forgetful = brief.kept("p", "p/m");
    for (int i = 0; i < 4; i++) {
      forgetful.failed(forgetful.acquire());
    }
    await().until(() -> forgetful.words().contains("it failed"));
    forgetful.failed(forgetful.acquire());
    assertThat(forgetful.isClosed()).isTrue();
  }

  @Test
  void theRateDecidesNotTheNumber() {
    succeed(60);
    fail(59);
    assertThat(breaker.isClosed()).isTrue();
    fail(1);
    assertThat(breaker.isShut()).isTrue();
    assertThat(breaker.words())
        .isEqualTo("is down: 60 of its last 120 calls failed, asked again in 5 s");
  }

  @Test
  void aRowOfFailuresOpensItWhateverCameBefore() {
    succeed(10_000);
    fail(Breaker.ROW - 1);
    succeed(1);
    fail(Breaker.ROW);
    assertThat(breaker.isClosed()).as("what breaks all at once is one failure").isTrue();
    nanos += Breaker.ROW_NANOS;
    fail(1);
    assertThat(breaker.isShut()).isTrue();
  }

  @Test
  void whileOthersDecideThereIsAWayBesideThemForASecond() {
    assertThat(breaker.acquireBeside()).as("closed").isEqualTo(Breaker.NONE);
    fail(5);
    assertThat(breaker.acquireBeside()).as("open").isEqualTo(Breaker.NONE);
    nanos += 5 * SECOND + 1;
    breaker.acquire();
    breaker.acquire();
    assertThat(breaker.acquire()).as("the probes are under way").isEqualTo(Breaker.NONE);
    int beside = breaker.acquireBeside();
    assertThat(beside).isEqualTo(Breaker.BESIDE);
    breaker.failed(beside);
    assertThat(breaker.isHalfOpen()).as("it counts for nothing").isTrue();
    nanos += SECOND;
    assertThat(breaker.acquireBeside()).isEqualTo(Breaker.NONE);
  }

  @Test
  void eachTimeInARowItIsOpenForTwiceAsLong() {
    fail(5);
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      assertThat(breaker.retrySeconds()).isEqualTo(seconds);
      nanos += seconds * SECOND - 1;
      assertThat(breaker.acquire()).isEqualTo(Breaker.NONE);
      nanos += 2;
      fail(2);
      assertThat(breaker.isShut()).isTrue();
    }
    nanos += 60 * SECOND + 1;
    succeed(2);
    assertThat(breaker.isClosed()).isTrue();
    fail(5);
    assertThat(breaker.retrySeconds()).as("as if nothing had been").isEqualTo(5);
    assertThat(heard).startsWith("p open", "p half_open", "p open").endsWith("p closed", "p open");
  }

  @Test
  void isHalfOpenInAWordOnceItsWaitIsOverThoughNobodyCalls() {
    fail(5);
    assertThat(breaker.word()).isEqualTo("open");
    nanos += 5 * SECOND + 1;
    assertThat(breaker.word()).isEqualTo("half_open");
    assertThat(heard).containsExactly("p open");
  }

  @Test
  void aPermitOfATimeThatIsOverCountsForNothing() {
    int before = breaker.acquire();
    fail(5);
    nanos += 5 * SECOND + 1;
    int first = breaker.acquire();
    assertThat(breaker.isHalfOpen()).isTrue();
    breaker.failed(before);
    breaker.succeeded(before);
    breaker.succeeded(first);
    assertThat(breaker.isHalfOpen()).as("one of two").isTrue();
    breaker.released(before);
    succeed(1);
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void whoeverSaysNothingGivesItsPermitBack() {
    fail(5);
    nanos += 5 * SECOND + 1;
    for (int i = 0; i < 10; i++) {
      int permit = breaker.acquire();
      assertThat(permit).isNotEqualTo(Breaker.NONE);
      breaker.released(permit);
    }
    int one = breaker.acquire();
    int two = breaker.acquire();
    assertThat(breaker.acquire()).isEqualTo(Breaker.NONE);
    breaker.succeeded(one);
    breaker.succeeded(two);
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void canBeOpenedAndClosedAtOnce() {
    breaker.open();
    assertThat(breaker.isShut()).isTrue();
    breaker.tryNow();
    assertThat(breaker.isHalfOpen()).isTrue();
    breaker.close();
    assertThat(breaker.isClosed()).isTrue();
    assertThat(breakers.registry().getAllCircuitBreakers()).hasSize(1);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(breaker.acquire());
    }
  }

  private void succeed(int times) {
    for (int i = 0; i < times; i++) {
      breaker.succeeded(breaker.acquire());
    }
  }
}
