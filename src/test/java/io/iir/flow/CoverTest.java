package io.iir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.backend.Tally;
import io.iir.backend.UpstreamException;
import io.iir.config.IirProperties;
import io.iir.config.StateSettings.Mode;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.Resolved;
import io.iir.throttle.Charge;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CoverTest {

  private static final Quota KEY =
      new Quota(new Subject(Scope.KEY, "key_1", "web"), new Limits(0, 400_000, 0), null);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "iir.limits.models[a/m].tpm", "5000",
          "iir.limits.models[b/m].tpm", "90000");

  private final Quotas quotas =
      new Quotas(
          new Binder(new MapConfigurationPropertySource(SETTINGS))
              .bindOrCreate("iir", IirProperties.class));
  private final MemoryLimiter limiter =
      new MemoryLimiter(
          (subject, start) -> CompletableFuture.completedFuture(0L), Mode.OPEN, () -> 1);
  private final Cover cover =
      new Cover(
          quotas,
          new Reservations(
              new ProviderDirectory(List.of(), List.of(), Map.of(), List.of(), new ModelTraffic()),
              500),
          new FlowMeters(new SimpleMeterRegistry(), List.of()),
          Runnable::run);
  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

  private static Candidate target(String provider) {
    URI url = URI.create("http://127.0.0.1:1/v1");
    return Candidate.of(
        new ModelName(provider, "m"), new Resolved(Provider.openai(provider, url), url, "m"));
  }

  /** A request that holds {@code tokens} of its key's, and asks {@code providers}. */
  private Permit begin(String text, long tokens, String... providers) {
    ModelRequest request =
        ChatRequest.parse(
            "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(text)
                .getBytes(UTF_8));
    Attempts attempts =
        new Attempts(
            List.of(providers).stream().map(CoverTest::target).toList(),
            Map.of(),
            Duration.ofMinutes(1),
            new ModelTraffic(),
            () -> 0);
    Permit permit = limiter.acquire(new Charge(List.of(KEY), tokens, 0)).join();
    Variables.REQUEST.set(exchange, request);
    Variables.TALLY.set(exchange, new Tally(request.promptTokens()));
    Variables.ATTEMPTS.set(exchange, attempts);
    Variables.PERMIT.set(exchange, permit);
    attempts.advance();
    return permit;
  }

  private @Nullable UpstreamException process() {
    assertThat(cover.process(exchange, done -> {})).as("memory decides at once").isTrue();
    return Variables.CALL_FAILURE.find(exchange);
  }

  private long left(Quota quota) {
    Permit probe = limiter.acquire(new Charge(List.of(quota), 0, 0)).join();
    probe.settle(0, 0);
    RateLimitSnapshot.Level level = Objects.requireNonNull(probe.snapshot().tokens());
    return level.remaining();
  }

  @Test
  void anAnswerThatMayBeLongIsCutToTheModelsLimit() {
    Permit permit = begin("Hello", 8006, "a", "b");

    assertThat(process()).isNull();
    assertThat(left(quotas.ofModel("a/m").getFirst())).isZero();
    assertThat(left(KEY)).as("the key holds what it held").isEqualTo(400_000 - 8006);

    Variables.ATTEMPTS.get(exchange).fail(Attempts.Failing.FAILED, "broke", null);
    Variables.ATTEMPTS.get(exchange).advance();
    assertThat(process()).isNull();
    assertThat(left(quotas.ofModel("a/m").getFirst())).as("given back").isEqualTo(5000);
    assertThat(left(quotas.ofModel("b/m").getFirst())).as("all of it").isEqualTo(90_000 - 8006);

    permit.settle(20, 0);
    assertThat(left(quotas.ofModel("b/m").getFirst())).isEqualTo(89_980);
    assertThat(left(KEY)).isEqualTo(399_980);
  }

  @Test
  void aPromptThatIsLongerThanTheModelsLimitIsForbidden() {
    begin("word ".repeat(9000), 20_000, "a");

    UpstreamException refusal = Objects.requireNonNull(process());

    assertThat(refusal.kind()).isEqualTo(UpstreamException.Kind.FORBIDDEN);
    assertThat(refusal.mayCost()).isFalse();
  }

  @Test
  void aCallBesideAnotherHoldsBothModels() {
    Permit permit = begin("Hello", 8006, "a");
    assertThat(process()).isNull();

    Permit both = cover.beside(exchange, permit, target("b")).join();

    assertThat(both.charge().quotas().stream().map(quota -> quota.subject().id()))
        .containsExactly("key_1", "a/m", "b/m");
    assertThat(left(quotas.ofModel("b/m").getFirst()))
        .as("the tightest of both says how much")
        .isEqualTo(85_000);
  }

  @Test
  void whatIsHeldAlreadyIsNotAskedForAgain() {
    begin("Hello", 100, "a");
    assertThat(process()).isNull();
    Permit held = Variables.PERMIT.get(exchange);
    AtomicReference<@Nullable Charge> asked = new AtomicReference<>();
    Variables.PERMIT.set(exchange, new Later(held, asked, new CompletableFuture<>()));

    assertThat(process()).isNull();

    assertThat(asked.get()).isNull();
  }

  @Test
  void theExchangeGoesOnWhenTheLimiterAnswers() {
    Permit held = begin("Hello", 100, "a");
    CompletableFuture<Permit> answer = new CompletableFuture<>();
    AtomicReference<@Nullable Charge> asked = new AtomicReference<>();
    AtomicReference<@Nullable Boolean> done = new AtomicReference<>();
    Variables.PERMIT.set(exchange, new Later(held, asked, answer));

    assertThat(cover.process(exchange, done::set)).isFalse();
    assertThat(done).hasValue(null);
    answer.complete(held);

    assertThat(done).hasValue(false);
    assertThat(Variables.CALL_FAILURE.find(exchange)).isNull();
    assertThat(Objects.requireNonNull(asked.get()).tokens()).isEqualTo(100);
  }

  /** A permit whose limiter answers later. */
  private record Later(
      Permit held, AtomicReference<@Nullable Charge> asked, CompletableFuture<Permit> answer)
      implements Permit {

    @Override
    public RateLimitSnapshot snapshot() {
      return held.snapshot();
    }

    @Override
    public Charge charge() {
      return held.charge();
    }

    @Override
    public long budgetLeft() {
      return held.budgetLeft();
    }

    @Override
    public CompletableFuture<Permit> cover(Charge charge, long used) {
      asked.set(charge);
      return answer;
    }

    @Override
    public void settle(long tokens, long nanoUsd) {
      held.settle(tokens, nanoUsd);
    }
  }
}
