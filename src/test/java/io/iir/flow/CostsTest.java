package io.iir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.backend.Tally;
import io.iir.config.StateSettings.Mode;
import io.iir.openai.ChatRequest;
import io.iir.openai.Usage;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import io.iir.throttle.Budget;
import io.iir.throttle.Charge;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Period;
import io.iir.throttle.Quota;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class CostsTest {

  /** A thousand billionths of a USD a token of the prompt, two thousand one of the answer. */
  private static final ModelFacts DEAR = facts(1, 2);

  private static final ModelFacts CHEAP = facts(0.001, 0.002);

  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
  private final Tally tally = new Tally(10);

  CostsTest() {
    Variables.TALLY.set(exchange, tally);
    Variables.REQUEST.set(
        exchange,
        ChatRequest.parse(
            """
            {"model":"a/m","messages":[{"role":"user","content":"Hello"}]}\
            """
                .getBytes(UTF_8)));
    tally.calling();
  }

  private static ModelFacts facts(double input, double output) {
    Price price = new Price(BigDecimal.valueOf(input), BigDecimal.valueOf(output));
    return new ModelFacts(null, null, price, null, Set.of(), Set.of());
  }

  private void failed(boolean mayCost) {
    Costs.failed(exchange, tally, DEAR, mayCost);
  }

  @Test
  void whatWasSentIsPaidForThoughNoAnswerCame() {
    failed(true);

    assertThat(Costs.nanoUsd(exchange)).isEqualTo(10_000);
    assertThat(tally.totalTokens()).isEqualTo(10);
    assertThat(tally.called()).isFalse();
  }

  @Test
  void whatWasNotSentCostsNothing() {
    failed(false);

    assertThat(Costs.nanoUsd(exchange)).isZero();
    assertThat(tally.totalTokens()).isZero();
  }

  @Test
  void whatHadComeOfAnAnswerIsPaidForThoughAnErrorFollowed() {
    tally.delta(1);
    tally.delta(1);
    failed(false);

    assertThat(Costs.nanoUsd(exchange)).isEqualTo(14_000);
    assertThat(tally.totalTokens()).isEqualTo(12);
    assertThat(tally.completionTokensAside()).isEqualTo(2);
  }

  @Test
  void eachCallThatWasSentCounts() {
    failed(true);
    tally.calling();
    failed(true);
    tally.calling();
    tally.reported(new Usage(7, 3, 10, 0));

    assertThat(tally.nanoUsdAside()).isEqualTo(20_000);
    assertThat(Costs.ofAnswer(tally, DEAR)).isEqualTo(13_000);
    assertThat(tally.totalTokens()).isEqualTo(30);
  }

  @Test
  void anEstimateIsNoMoreThanWasReserved() {
    Quota quota =
        new Quota(
            new Subject(Scope.KEY, "key_1", "web"),
            Limits.NONE,
            new Budget(1_000_000, Period.TOTAL));
    Variables.PERMIT.set(
        exchange,
        new MemoryLimiter(
                (subject, start) -> CompletableFuture.completedFuture(0L), Mode.OPEN, () -> 1)
            .acquire(new Charge(List.of(quota), 10, 8000))
            .join());

    failed(true);

    assertThat(Costs.nanoUsd(exchange)).isEqualTo(8000);
  }

  @Test
  void aStreamThatBrokeOffKeepsThePriceOfWhoGaveIt() {
    tally.delta(1);
    tally.brokeOff(Costs.ofAnswer(tally, DEAR));

    assertThat(tally.called()).as("it was an answer, as far as it came").isTrue();
    assertThat(Costs.ofAnswer(tally, CHEAP))
        .as("another was chosen to go on, and not called")
        .isEqualTo(12_000);

    tally.goingOn();
    tally.notAnswered();
    assertThat(Costs.ofAnswer(tally, CHEAP)).as("it refused").isEqualTo(12_000);

    tally.goingOn();
    tally.delta(1);
    assertThat(Costs.ofAnswer(tally, CHEAP))
        .as("prompt and beginning were its prompt")
        .isEqualTo(12_000 + 11 + 2);
    assertThat(tally.totalTokens()).isEqualTo(10 + 1 + 10 + 1 + 1);
  }

  @Test
  void whatHasNoPriceCostsNothing() {
    Costs.failed(exchange, tally, ModelFacts.UNKNOWN, true);

    assertThat(Costs.nanoUsd(exchange)).isZero();
    assertThat(tally.totalTokens()).isEqualTo(10);
  }
}
