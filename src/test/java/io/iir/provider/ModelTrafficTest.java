package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTrafficTest {

  private final Catalogue catalogue = new Catalogue();
  private final ModelTraffic traffic = catalogue.traffic;

  @Test
  void aCallEndsOnce() {
    Candidate qwen = catalogue.candidate("vllm/qwen");
    Candidate big = catalogue.candidate("openai/big");
    ModelCall first = traffic.begin(qwen);
    ModelCall second = traffic.begin(qwen);
    ModelCall third = traffic.begin(big);
    assertThat(traffic.inFlight(qwen.name())).isEqualTo(2);
    assertThat(traffic.inFlight(big.name())).isOne();
    assertThat(traffic.localInFlight()).isEqualTo(2);
    first.answered(5);
    first.dropped();
    second.failed();
    second.succeeded();
    third.streamed(1, 0, 5);
    assertThat(traffic.inFlight(qwen.name())).isZero();
    assertThat(traffic.inFlight(big.name())).isZero();
    assertThat(traffic.localInFlight()).isZero();
  }

  @Test
  void whatIsTriedAgainIsWellAfterTwoAnswers() {
    Candidate big = catalogue.candidate("openai/big");
    catalogue.fails("openai/big", 10);
    assertThat(big.isDown()).isTrue();
    assertThat(traffic.tryBegin(big, 0)).isNull();
    catalogue.nanos += 5_000_000_001L;
    ModelCall first = traffic.begin(big);
    ModelCall second = traffic.begin(big);
    assertThat(traffic.tryBegin(big, 0)).as("two decide").isNull();
    first.dropped();
    ModelCall third = traffic.begin(big);
    second.answering();
    third.answered(1);
    assertThat(big.load().breaker().isClosed()).isTrue();
    second.failed();
    assertThat(traffic.tryBegin(big, 0)).isNotNull();
  }

  @Test
  void anAnswerTakesTheFirstTokenAndTheRest() {
    catalogue.stream("openai/big", 0.5, 2);
    assertThat(micros("openai/big")).isEqualTo(500_000 + 200 * 20_000);
    catalogue.stream("openai/big", 1.5, 2);
    assertThat(micros("openai/big")).as("a tenth").isEqualTo(600_000 + 200 * 20_000);
    catalogue.nanos += 30_000_000_000L;
    catalogue.stream("openai/big", 1.6, 2);
    assertThat(micros("openai/big"))
        .as("half after half a minute")
        .isCloseTo(1_100_000 + 200 * 20_000, within(60_000L));
  }

  @Test
  void aWholeAnswerHasOnlyARate() {
    ModelCall call = traffic.begin(catalogue.candidate("openai/big"));
    catalogue.nanos += 2_000_000_000L;
    call.answered(100);
    assertThat(micros("openai/big")).isEqualTo(200 * 20_000);
    ModelCall brief = traffic.begin(catalogue.candidate("groq/quick"));
    catalogue.nanos += 1_000_000_000L;
    brief.answered(Speed.FEWEST_TOKENS - 1);
    assertThat(micros("groq/quick")).isEqualTo(1_000_000 + 200 * 20_000);
  }

  @Test
  void aTimeFromBeforeTheCallTellsNothing() {
    catalogue.nanos = 9_000_000_000L;
    traffic.begin(catalogue.candidate("openai/big")).streamed(1_000_000_000L, 0, 100);
    assertThat(catalogue.candidate("openai/big").load().speed()).isNull();
    Speed.Sample sample = Speed.Sample.ofStream(-5, 100, 100);
    assertThat(sample.firstTokenNanos()).isNaN();
    assertThat(sample.tokensPerSecond()).isNaN();
  }

  @Test
  void aModelHasOneLoadWhateverItIsCalled() {
    Candidate qwen = catalogue.candidate("vllm/qwen");
    catalogue.directory.learn(
        qwen.resolved().provider(),
        new ModelListClient.Answer.Models(ProviderKind.OPENAI, List.of()),
        Instant.EPOCH);
    Candidate after = catalogue.candidate("vllm/qwen");
    assertThat(after).isNotSameAs(qwen);
    assertThat(after.load()).isSameAs(qwen.load());
  }

  private long micros(String id) {
    return catalogue.candidate(id).load().answerMicros();
  }
}
