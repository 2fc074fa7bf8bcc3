package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.Attempts.Failing;
import io.iir.flow.relay.Hedge;
import io.iir.openai.ApiException;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptsTest {

  private final ModelTraffic traffic = new ModelTraffic();
  private final Attempts attempts =
      attempts(List.of(target("a"), target("b")), Duration.ofMinutes(1));

  @Test
  void targetsAreAskedInTheirOrderUntilOneAnswers() {
    assertThat(attempts.goOn()).isTrue();
    assertThat(attempts.advance().name().provider()).isEqualTo("a");
    assertThat(attempts.last()).isFalse();
    attempts.fail(Failing.FAILED, "broke", null);
    assertThat(attempts.goOn()).isTrue();
    assertThat(attempts.advance().name().provider()).isEqualTo("b");
    assertThat(attempts.last()).isTrue();
    attempts.succeed();
    assertThat(attempts.goOn()).isFalse();
    assertThat(attempts.answered()).isTrue();
    assertThat(attempts.passedOn()).containsEntry("x-title", "t");
  }

  /** Else an exchange could end without an answer, between one that asks and another. */
  @Test
  void whetherToGoOnIsDecidedOnceATarget() {
    Attempts brief = attempts(List.of(target("a"), target("b")), Duration.ofSeconds(1));
    brief.advance();
    brief.fail(Failing.FAILED, "broke", null);
    assertThat(brief.goOn()).isTrue();
    await().until(brief::outOfTime);
    assertThat(brief.goOn()).isTrue();
    brief.advance();
    assertThat(brief.goOn()).isFalse();
  }

  @Test
  void whoGivesUpAsksNobodyElse() {
    attempts.advance();
    attempts.fail(Failing.FAILED, "the client left", null);
    attempts.giveUp();
    assertThat(attempts.goOn()).isFalse();
    assertThat(attempts.answered()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "RATE_LIMITED, RATE_LIMITED, 429, rate_limit_exceeded, 7",
    "RATE_LIMITED, UNREACHABLE,  503, no_target_available, 7",
    "UNREACHABLE,  UNREACHABLE,  503, no_target_available, 7",
    "UNREACHABLE,  TIMEOUT,      504, provider_timeout,",
    "TIMEOUT,      FAILED,       502, provider_error,",
    "FAILED,       RATE_LIMITED, 502, provider_error,"
  })
  void theGravestFailureDecidesWhatTheClientIsTold(
      Failing first, Failing second, int status, String code, String retryAfter) {
    attempts.advance();
    attempts.fail(first, "did one thing", null);
    attempts.advance();
    attempts.fail(second, "did another", "7");
    ApiException told = AllTargetsFailed.explain(attempts.failures().all());
    assertThat(told.error().status()).isEqualTo(status);
    assertThat(told.error().code()).isEqualTo(code);
    assertThat(told.error().message())
        .isEqualTo("no target answered: a/m did one thing; b/m did another");
    assertThat(told.headers().get("Retry-After")).isEqualTo(retryAfter);
  }

  @Test
  void whenTheTimeIsOverThatIsWhatTheClientIsTold() {
    Attempts late = attempts(List.of(target("a"), target("b"), target("c")), Duration.ZERO);
    assertThat(late.goOn()).as("the first target is asked in any case").isTrue();
    assertThat(late.timeLeft()).isZero();
    late.advance();
    late.fail(Failing.FAILED, "did one thing", null);
    assertThat(late.goOn()).isFalse();
    ApiException told = AllTargetsFailed.explain(late);
    assertThat(told.error().status()).isEqualTo(504);
    assertThat(told.error().code()).isEqualTo("provider_timeout");
    assertThat(told.error().message())
        .isEqualTo(
            "no target answered within the 0 ms of iir.failover.total: a/m did one thing;"
                + " 2 more not asked");
  }

  @Test
  void aTargetThatLetsNoCallThroughIsPassedOver() {
    Candidate down = target("a");
    for (int i = 0; i < 10; i++) {
      traffic.begin(down).failed();
    }
    Attempts two = attempts(List.of(down, target("b")), Duration.ofMinutes(1));
    assertThat(two.goOn()).isTrue();
    assertThat(two.advance().name().provider()).isEqualTo("b");
    Attempts one = attempts(List.of(down), Duration.ofMinutes(1));
    assertThat(one.goOn()).isFalse();
    ApiException told = AllTargetsFailed.explain(one);
    assertThat(told.error().status()).isEqualTo(503);
    assertThat(told.error().message())
        .isEqualTo(
            "no target answered: a/m is down: 10 of its last 10 calls failed, asked again in 5 s");
    assertThat(told.headers()).containsEntry("Retry-After", "5");
  }

  /** Who only asks whether somebody could go on takes nobody's turn. */
  @Test
  void targetsThatDoNotSuitAreAskedLater() {
    Candidate third = target("c");
    Attempts three = attempts(List.of(target("a"), target("b"), third), Duration.ofMinutes(1));
    three.advance();
    assertThat(three.hasNext(target -> false)).isFalse();
    assertThat(three.beside(target -> true, target -> false)).as("nobody pays").isNull();
    assertThat(three.beside(target -> target == third, target -> true)).isEqualTo(third);
    three.settle(Hedge.Side.SECOND);
    assertThat(three.current()).isEqualTo(third);
    three.fail(Failing.FAILED, "broke", null);
    assertThat(three.goOn()).isTrue();
    assertThat(three.advance().name().provider()).isEqualTo("b");
    assertThat(three.last()).isTrue();
    assertThat(three.goOnWith(target -> true)).isNull();
  }

  private Attempts attempts(List<Candidate> targets, Duration limit) {
    return new Attempts(targets, Map.of("x-title", "t"), limit, traffic, () -> 0);
  }

  private static Candidate target(String provider) {
    URI url = URI.create("http://127.0.0.1:1/v1");
    return Candidate.of(
        new ModelName(provider, "m"), new Resolved(Provider.openai(provider, url), url, "m"));
  }
}
