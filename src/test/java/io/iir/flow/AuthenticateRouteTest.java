package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.AdminAccess;
import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyHash;
import io.iir.auth.KeyLookups;
import io.iir.auth.KeySecret;
import io.iir.auth.Lookup;
import io.iir.auth.Role;
import io.iir.auth.StoredKey;
import io.iir.cluster.ClusterConfiguration;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import io.iir.store.StoreConfiguration;
import io.iir.throttle.LimitOverrides;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpAutoConfiguration;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformWebMvcConfiguration;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.camel.test.spring.junit5.DisableJmx;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@CamelSpringBootTest
@DisableJmx(
    false) // else it is off for every context of this JVM from now on, not only for this one
@SpringBootTest(
    webEnvironment = WebEnvironment.NONE,
    properties = {"spring.main.web-application-type=none", "camel.main.jmx-enabled=false"})
class AuthenticateRouteTest {

  private static final String ADMIN = "the-administrators-own-key";
  private static final AtomicLong NANOS = new AtomicLong();
  private static final AtomicInteger POLLS = new AtomicInteger();
  private static final AtomicReference<@Nullable Thread> THREAD = new AtomicReference<>();

  @TempDir static Path directory;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("iir.data-dir", directory::toString);
    registry.add("iir.admin-key", () -> ADMIN);
  }

  @SpringBootConfiguration
  @EnableAutoConfiguration(
      exclude = {
        FlywayAutoConfiguration.class,
        SpringBootPlatformHttpAutoConfiguration.class,
        SpringBootPlatformWebMvcConfiguration.class
      },
      excludeName = {
        "io.hawt.springboot.HawtioEndpointAutoConfiguration",
        "io.hawt.springboot.HawtioLogAutoConfiguration"
      })
  @Import({
    AccessConfiguration.class,
    ClusterConfiguration.class,
    StoreConfiguration.class,
    FlowConfiguration.class,
    AuthenticateRoute.class,
    KeyLookupRoute.class,
    RequireAdminRoute.class,
    Entry.class
  })
  @EnableConfigurationProperties(IirProperties.class)
  static class Application {
    @Bean
    @Primary
    ApiKeys keysByATestClock(AdminAccess access) {
      return new ApiKeys(access.key(), InstantSource.system(), NANOS::get);
    }
  }

  static class Entry extends RouteBuilder {
    @Override
    public void configure() {
      from("direct:entry")
          .errorHandler(noErrorHandler())
          .to("direct:authenticate")
          .process(exchange -> THREAD.set(Thread.currentThread()));
      from("direct:admin-entry")
          .errorHandler(noErrorHandler())
          .to("direct:authenticate")
          .to("direct:require-admin");
    }
  }

  @Autowired ProducerTemplate template;
  @Autowired JdbcClient store;
  @Autowired ApiKeys keys;
  @Autowired KeyLookups lookups;
  private final String secret = KeySecret.generate(new SecureRandom());

  @BeforeEach
  void startWithOneKey() {
    store.sql("delete from api_keys").update();
    insert(secret, null);
    THREAD.set(null);
  }

  private StoredKey insert(String token, @Nullable Instant expiresAt) {
    ApiKey key =
        new ApiKey(
            "key_" + KeyHash.of(token).hex(),
            "ci",
            "search",
            List.of(new ModelPattern("local/*")),
            new LimitOverrides(5, null, 0),
            Map.of("env", "test"),
            expiresAt,
            Role.USER);
    StoredKey stored = new StoredKey(key, KeyHash.of(token), "sk-iir-aaaa…", Instant.EPOCH);
    Map<String, @Nullable Object> row = stored.toRow();
    store
        .sql(
            """
            insert into api_keys (id, name, team, key_hash, prefix, models, rpm, tpm, concurrency,
              tags, created_at, expires_at)
            values (:id, :name, :team, :key_hash, :prefix, :models, :rpm, :tpm, :concurrency,
              :tags, :created_at, :expires_at)
            """)
        .params(row)
        .update();
    return stored;
  }

  private Exchange send(String to, @Nullable Object authorization) {
    return template.send(
        to,
        exchange -> {
          exchange.getMessage().setBody("the body".getBytes(StandardCharsets.UTF_8));
          exchange.getMessage().setHeader("Content-Type", "application/json");
          if (authorization != null) {
            exchange.getMessage().setHeader("Authorization", authorization);
          }
        });
  }

  private Exchange authenticate(String token) {
    return send("direct:entry", "Bearer " + token);
  }

  private static ApiError error(Exchange exchange) {
    assertThat(exchange.getException()).isInstanceOf(ApiException.class);
    return ((ApiException) exchange.getException()).error();
  }

  private static boolean ranOnVirtualThread() {
    return Objects.requireNonNull(THREAD.get()).isVirtual();
  }

  @Test
  void tellsWhoCalls() {
    Exchange exchange = authenticate(secret);

    assertThat(exchange.getException()).isNull();
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    assertThat(key.role()).isEqualTo(Role.USER);
    assertThat(key.mayCall("local/a")).isTrue();
    assertThat(key.mayCall("openai/a")).isFalse();
    assertThat(key.limits()).isEqualTo(new LimitOverrides(5, null, 0));
    assertThat(Variables.KEY.get(exchange)).isEqualTo("ci");
    assertThat(Variables.TEAM.get(exchange)).isEqualTo("search");
    assertThat(Variables.TAGS.get(exchange)).isEqualTo(Map.of("env", "test"));
    assertThat(Variables.KEY_HASH.find(exchange)).as("not left for rules to see").isNull();
  }

  @Test
  void leavesTheRequestAsItWasButForTheSecret() {
    Exchange exchange = authenticate(secret);

    assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("the body");
    assertThat(exchange.getMessage().getHeaders())
        .containsOnly(Map.entry("Content-Type", "application/json"));
    assertThat(exchange.getVariables().toString()).doesNotContain(secret);
  }

  @Test
  void asksTheDatabaseOnAVirtualThreadAndOnlyOnce() {
    authenticate(secret);
    assertThat(ranOnVirtualThread()).isTrue();

    authenticate(secret);
    assertThat(THREAD.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void waitsForTheAnswerToAnothersQuestion() {
    String another = KeySecret.generate(new SecureRandom());
    StoredKey stored = insert(another, null);
    Lookup.Question question = (Lookup.Question) keys.identify("Bearer " + another);
    Lookup.Asked asked = Objects.requireNonNull(lookups.join(question));
    assertThat(asked.part()).isEqualTo(Lookup.Part.ASKS);
    CompletableFuture<Exchange> waiting =
        CompletableFuture.supplyAsync(() -> authenticate(another));
    asked.answer().complete(keys.remember(question, stored, 0));

    assertThat(Variables.PRINCIPAL.get(waiting.join()).name()).isEqualTo("ci");
    lookups.begin(asked);
    lookups.end(asked, null);
  }

  @Test
  void knowsTheAdministratorWithoutTheDatabase() {
    Exchange exchange = authenticate(ADMIN);

    assertThat(Variables.PRINCIPAL.get(exchange).role()).isEqualTo(Role.ADMIN);
    assertThat(Variables.TEAM.find(exchange)).isNull();
    assertThat(THREAD.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void refusesAKeyRevokedElsewhereWithinASecond() {
    authenticate(secret);
    store.sql("update api_keys set revoked_at = 1").update();
    NANOS.addAndGet(Duration.ofSeconds(1).toNanos());

    // On a slow machine the database may be taken for away, for a moment, and the key gets in.
    await()
        .until(() ->
            authenticate(secret).getException() instanceof ApiException refusal
                && refusal.error().code().equals("invalid_api_key"));
  }

  @Test
  void refreshesAHotKeyInTheBackground() {
    authenticate(secret);
    store.sql("update api_keys set name = 'renamed'").update();
    NANOS.addAndGet(Duration.ofMillis(600).toNanos());

    assertThat(Variables.KEY.get(authenticate(secret))).isEqualTo("ci");
    assertThat(THREAD.get()).isSameAs(Thread.currentThread());
    await().until(() -> isRenamed(secret));
    assertThat(Variables.KEY_HASH.find(authenticate(secret))).isNull();
    NANOS.addAndGet(Duration.ofMillis(499).toNanos());
    authenticate(secret);
    assertThat(THREAD.get()).isSameAs(Thread.currentThread());
  }

  /** Where the database was late, it is asked again when the clock has gone on. */
  private boolean isRenamed(String secret) {
    boolean renamed = Variables.KEY.get(authenticate(secret)).equals("renamed");
    if (!renamed && POLLS.incrementAndGet() % 10 == 0) {
      NANOS.addAndGet(Duration.ofMillis(500).toNanos());
    }
    return renamed;
  }

  @Test
  void refusesEveryBadKeyAlike() {
    String expired = KeySecret.generate(new SecureRandom());
    insert(expired, Instant.EPOCH);
    String revoked = KeySecret.generate(new SecureRandom());
    insert(revoked, null);
    store
        .sql("update api_keys set revoked_at = 1 where key_hash = ?")
        .param(KeyHash.of(revoked).hex())
        .update();
    String unknown = KeySecret.generate(new SecureRandom());

    List<ApiError> errors =
        List.of(
            error(authenticate(expired)),
            error(authenticate(expired)),
            error(authenticate(revoked)),
            error(authenticate(revoked)),
            error(authenticate(unknown)),
            error(authenticate(unknown)),
            error(authenticate("sk-other")),
            error(send("direct:entry", null)),
            error(send("direct:entry", "Basic YTpi")),
            error(send("direct:entry", secret)),
            error(send("direct:entry", List.of("Bearer " + secret, "Bearer " + ADMIN))));

    assertThat(errors).containsOnly(errors.getFirst());
    assertThat(errors.getFirst().status()).isEqualTo(401);
    assertThat(errors.getFirst().code()).isEqualTo("invalid_api_key");
    assertThat(errors.getFirst().type()).isEqualTo("invalid_request_error");
  }

  @Test
  void needsTheDatabaseForUnknownKeysOnly() {
    authenticate(secret);
    store.sql("alter table api_keys rename to hidden").update();
    try {
      assertThat(authenticate(secret).getException()).isNull();
      assertThat(authenticate(ADMIN).getException()).isNull();
      assertThat(error(authenticate("sk-other")).status()).isEqualTo(401);
      ApiError refusal = error(authenticate(KeySecret.generate(new SecureRandom())));
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.message()).contains("does not answer");
    } finally {
      store.sql("alter table hidden rename to api_keys").update();
      String unknown = KeySecret.generate(new SecureRandom());
      await().until(() -> error(authenticate(unknown)).status() == 401);
    }
  }

  @Test
  void letsOnlyTheAdministratorAdminister() {
    String entry = "direct:admin-entry";
    assertThat(send(entry, "Bearer " + ADMIN).getException()).isNull();
    ApiError refusal = error(send(entry, "Bearer " + secret));
    assertThat(refusal.status()).isEqualTo(403);
    assertThat(refusal.code()).isEqualTo("admin_required");
    assertThat(error(send(entry, null)).status()).isEqualTo(401);
  }
}
