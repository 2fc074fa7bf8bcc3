package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.ApiKey;
import io.iir.auth.Role;
import io.iir.config.IirProperties;
import io.iir.config.StateSettings.Mode;
import io.iir.metrics.FlowMeters;
import io.iir.metrics.TeamMeters;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import io.iir.provider.ModelTraffic;
import io.iir.provider.ProviderDirectory;
import io.iir.throttle.Charge;
import io.iir.throttle.LimitOverrides;
import io.iir.throttle.Limiter;
import io.iir.throttle.LimitsUnknownException;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Subject;
import io.iir.transport.ClientLink;
import io.iir.usage.RowIds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ThrottleRouteTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "iir.limits.gateway.rpm", "1000",
          "iir.limits.models[openai/gpt-4o].tpm", "200",
          "iir.limits.models[openai/*].concurrency", "7",
          "iir.teams[r&d].limits.rpm", "50");

  /** Answers what it is told to, and keeps what it was asked. */
  private static final class Fake implements Limiter {

    private final Limiter real =
        new MemoryLimiter(
            (subject, start) -> CompletableFuture.completedFuture(0L), Mode.OPEN, () -> 1);
    private final List<Charge> charges = new ArrayList<>();
    private @Nullable CompletableFuture<Permit> answer;

    @Override
    public @Nullable RateLimitedException refusal(List<Quota> quotas) {
      return real.refusal(quotas);
    }

    @Override
    public CompletableFuture<Permit> acquire(Charge charge) {
      charges.add(charge);
      return answer == null ? real.acquire(charge) : answer;
    }

    List<String> subjects() {
      return charges.getLast().quotas().stream().map(Quota::subject).map(Subject::words).toList();
    }
  }

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ExecutorService blocking = Executors.newCachedThreadPool();
  private final EventLoop loop = new DefaultEventLoop();
  private final Fake limiter = new Fake();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<String> thread = new AtomicReference<>("");

  @BeforeEach
  void start() throws Exception {
    IirProperties properties =
        new Binder(new MapConfigurationPropertySource(SETTINGS))
            .bindOrCreate("iir", IirProperties.class);
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(),
            List.of(),
            Map.of("gpt", "openai/gpt-4o", "best", "auto/quality"),
            List.of(),
            new ModelTraffic());
    FlowMeters flow = new FlowMeters(meters, List.of());
    Quotas quotas = new Quotas(properties);
    Clock clock = Clock.systemUTC();
    ModelTags models = new ModelTags(directory, flow);
    RequestMeters requests =
        new RequestMeters(
            flow, models, new TeamMeters(meters, List.of()), new CallMeters(flow, models));
    Settlements settlements =
        new Settlements(row -> {}, new RowIds(clock, 1), clock, flow, requests, List.of());
    context.getRegistry().bind(FlowConfiguration.BLOCKING, blocking);
    context.addRoutes(
        new ThrottleRoute(
            limiter,
            quotas,
            new Admission(
                limiter,
                quotas,
                new Wishes(directory),
                new Reservations(directory, properties),
                flow,
                settlements,
                blocking),
            flow));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:entry")
                .errorHandler(noErrorHandler())
                .to("direct:throttle")
                .process(exchange -> thread.set(Thread.currentThread().getName()));
          }
        });
    context.setStreamCaching(false);
    context.disableJMX();
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
    blocking.shutdown();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private static ApiKey key(@Nullable String team, @Nullable Integer rpm, String models) {
    return new ApiKey(
        "key_1",
        "web",
        team,
        List.of(new ModelPattern(models)),
        new LimitOverrides(rpm, null, null),
        Map.of(),
        null,
        Role.USER);
  }

  private static byte[] ask(String model) {
    return """
    {"model":"%s","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}\
    """
        .formatted(model)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Exchange send(ApiKey key, Object body, Map<String, Object> headers) {
    try (ProducerTemplate template = context.createProducerTemplate()) {
      return template.send(
          "direct:entry",
          exchange -> {
            Variables.PRINCIPAL.set(exchange, key);
            Variables.CLIENT_LINK.set(exchange, new ClientLink(loop));
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> subjects(ApiKey key, String model) {
    assertThat(send(key, ask(model), Map.of()).isFailed()).isFalse();
    return limiter.subjects();
  }

  private static ApiException refused(Exchange done) {
    return done.getException(ApiException.class);
  }

  @Test
  void takesFromAllWhomTheRequestConcerns() {
    assertThat(subjects(key("r&d", null, "*"), "openai/gpt-4o"))
        .containsExactly(
            "key 'web'", "team 'r&d'", "model 'openai/*'", "model 'openai/gpt-4o'", "the gateway");
    assertThat(limiter.charges.getLast().tokens()).as("a model's limit cuts it").isLessThan(200);
    assertThat(subjects(key("other", null, "*"), "openai/o3"))
        .containsExactly("key 'web'", "model 'openai/*'", "the gateway");
    assertThat(subjects(key(null, null, "*"), "gpt")).contains("model 'openai/gpt-4o'");
  }

  @Test
  void takesFromNoModelThatIsNotNamedOrNotAllowed() {
    ApiKey key = key(null, null, "*");
    for (String model : List.of("auto", "auto/cost", "best", "fake/m")) {
      assertThat(subjects(key, model)).containsExactly("key 'web'", "the gateway");
    }
    assertThat(subjects(key(null, null, "fake/*"), "openai/gpt-4o"))
        .containsExactly("key 'web'", "the gateway");
    send(key, ask("openai/gpt-4o"), Map.of("x-routing-strategy", "fastest"));
    assertThat(limiter.subjects()).containsExactly("key 'web'", "the gateway");
    send(key, ask("openai/gpt-4o"), Map.of("x-routing-strategy", "pass-through"));
    assertThat(limiter.subjects()).contains("model 'openai/gpt-4o'");
  }

  @Test
  void resolvesTheQuotasOfAKeyOnce() {
    ApiKey key = key("r&d", null, "*");
    send(key, ask("auto"), Map.of());
    send(key, ask("auto"), Map.of());

    assertThat(limiter.charges.get(0).quotas()).isSameAs(limiter.charges.get(1).quotas());
  }

  /** A body that counts how often it is read, and is then no JSON. */
  private static final class Body extends InputStream {

    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public int read() {
      reads.incrementAndGet();
      return -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return read();
    }
  }

  @Test
  void aRequestAboveTheLimitIsNotReadAndOneThatCannotBeReadCounts() {
    ApiKey key = key(null, 1, "*");
    Body first = new Body();
    Exchange unreadable = send(key, first, Map.of());
    assertThat(refused(unreadable).error().status()).isEqualTo(400);
    assertThat(first.reads).hasPositiveValue();
    assertThat(Variables.PERMIT.find(unreadable)).isNotNull();

    Body second = new Body();
    assertThat(refused(send(key, second, Map.of())).error().status()).isEqualTo(429);
    assertThat(second.reads).hasValue(0);
    assertThat(limiter.charges).hasSize(1);
    assertThat(
            meters
                .get("iir.throttle.refusals")
                .tags("limit", "requests", "scope", "key")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void goesOnAtOnceWhereTheAnswerIsThere() {
    send(key(null, null, "*"), ask("auto"), Map.of());

    assertThat(thread).hasValue(Thread.currentThread().getName());
  }

  @Test
  void goesOnOffTheLoopWhereItCameFromThereAndTheAnswerComesLater() throws Exception {
    limiter.answer = new CompletableFuture<>();
    Permit permit = limiter.real.acquire(new Charge(List.of(), 0, 0)).get();
    CompletableFuture<Exchange> done =
        CompletableFuture.supplyAsync(
            () -> send(key(null, null, "*"), ask("auto"), Map.of()), blocking);
    await().until(() -> !limiter.charges.isEmpty());
    assertThat(done).isNotDone();

    limiter.answer.complete(permit);

    assertThat(Variables.PERMIT.get(done.get())).isSameAs(permit);
    assertThat(thread.get()).startsWith("pool-"); // it came by a thread that may be held up
  }

  @Test
  void tellsARefusalThatComesLater() throws Exception {
    ApiKey key = key(null, 1, "*");
    CompletableFuture<Permit> answer = new CompletableFuture<>();
    limiter.answer = answer;
    CompletableFuture<Exchange> done =
        CompletableFuture.supplyAsync(() -> send(key, ask("auto"), Map.of()), blocking);
    await().until(() -> !limiter.charges.isEmpty());
    Charge charge = limiter.charges.getLast();
    limiter.real.acquire(charge).get();

    limiter.real.acquire(charge).whenComplete((permit, e) -> answer.completeExceptionally(e));

    assertThat(refused(done.get()).error().message())
        .startsWith("Key 'web' has reached its limit of 1 requests a minute.");
    assertThat(Variables.PERMIT.find(done.get())).isNull();
  }

  @Test
  void answers503WhereLimitsAreNotKnown() {
    limiter.answer = CompletableFuture.failedFuture(new LimitsUnknownException("Redis is away"));

    ApiException refusal = refused(send(key(null, null, "*"), ask("auto"), Map.of()));

    assertThat(refusal.error().status()).isEqualTo(503);
    assertThat(refusal.error().message()).contains("Redis is away");
    assertThat(refusal.headers()).containsEntry("Retry-After", "1");
  }
}
