package io.iir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.openai.Usage;
import org.junit.jupiter.api.Test;

class TallyTest {

  private final Tally tally = new Tally(10);

  @Test
  void nothingWasUsedWhereNobodyWasAsked() {
    assertThat(tally.totalTokens()).isZero();
    assertThat(tally.called()).isFalse();
  }

  @Test
  void thePromptCountsFromTheCallOn() {
    tally.calling();
    assertThat(tally.promptTokens()).isEqualTo(10);
    assertThat(tally.completionTokens()).isZero();
  }

  @Test
  void aProviderThatGaveNoAnswerHasUsedNothing() {
    tally.calling();
    tally.delta(3);
    tally.notAnswered();
    assertThat(tally.totalTokens()).isZero();
  }

  @Test
  void withoutAReportTheLargerOfEventsAndTextCounts() {
    tally.calling();
    tally.delta(1);
    tally.delta(1);
    assertThat(tally.completionTokens()).isEqualTo(2);
    tally.delta(7);
    assertThat(tally.completionTokens()).isEqualTo(9);
    assertThat(tally.totalTokens()).isEqualTo(19);
  }

  @Test
  void aWholeAnswerIsCountedByItsText() {
    tally.calling();
    tally.estimated(7);
    assertThat(tally.completionTokens()).isEqualTo(7);
    assertThat(tally.firstTokenNanos()).as("a whole answer has no first token").isZero();
    tally.calling();
    assertThat(tally.completionTokens()).isZero();
  }

  @Test
  void theProvidersOwnCountWins() {
    tally.calling();
    tally.delta(1);
    tally.reported(new Usage(5, 40, 0, 0));
    assertThat(tally.promptTokens()).isEqualTo(5);
    assertThat(tally.completionTokens()).isEqualTo(40);
  }

  @Test
  void theNextTargetStartsAnew() {
    tally.calling();
    tally.delta(4);
    tally.finished("stop");
    tally.failed("provider_error");
    tally.reported(new Usage(5, 40, 0, 0));
    tally.calling();
    assertThat(tally.totalTokens()).isEqualTo(10);
    assertThat(tally.finishReason()).isNull();
    assertThat(tally.failure()).isNull();
  }

  @Test
  void theFirstTokensTimeIsKept() {
    tally.calling();
    assertThat(tally.firstTokenNanos()).isZero();
    tally.delta(1);
    long first = tally.firstTokenNanos();
    tally.delta(1);
    assertThat(tally.firstTokenNanos()).isEqualTo(first).isNotZero();
    assertThat(tally.clientFirstTokenNanos()).isEqualTo(first);
  }

  @Test
  void whoGoesOnHasATimeOfItsOwn() {
    tally.calling();
    tally.delta(1);
    long first = tally.firstTokenNanos();
    tally.brokeOff(0);
    tally.goingOn();
    assertThat(tally.firstTokenNanos()).as("not the other's").isZero();
    long call = System.nanoTime();
    tally.delta(1);
    tally.finished("stop");
    assertThat(tally.firstTokenNanos() - call).isNotNegative();
    assertThat(tally.clientFirstTokenNanos()).isEqualTo(first);
    assertThat(tally.completionTokens()).as("of both").isEqualTo(2);
    assertThat(tally.finishedNanos()).as("no rate of both together").isZero();
  }

  @Test
  void whoGoesOnAfterNothingHasARateOfItsOwn() {
    tally.calling();
    tally.brokeOff(0);
    tally.goingOn();
    tally.delta(1);
    tally.finished("stop");
    assertThat(tally.finishedNanos()).isNotZero();
  }

  @Test
  void aCallAnewForgetsWhatNobodyGot() {
    tally.calling();
    tally.delta(1);
    tally.brokeOff(0);
    tally.goingOn();
    tally.calling();
    assertThat(tally.firstTokenNanos()).isZero();
    assertThat(tally.clientFirstTokenNanos()).isZero();
    tally.finished("stop");
    assertThat(tally.finishedNanos()).isNotZero();
  }
}
