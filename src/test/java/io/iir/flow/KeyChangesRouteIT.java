package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.AdminKey;
import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyHash;
import io.iir.auth.KeyLookups;
import io.iir.auth.Lookup;
import io.iir.auth.Role;
import io.iir.auth.StoredKey;
import io.iir.provider.ModelPattern;
import io.iir.testing.Gateway;
import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import io.iir.throttle.LimitOverrides;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys stay known for as long as the database says that none was changed, and no longer. */
class KeyChangesRouteIT {

  private static final String SECRET = "sk-iir-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String HEADER = "Bearer " + SECRET;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger rounds = new AtomicInteger();
  private final ApiKeys keys =
      new ApiKeys(new AdminKey(KeyHash.of("admin")), InstantSource.system(), nanos::get);

  private final KeyLookups lookups = new KeyLookups(() -> true);

  @ParameterizedTest
  @EnumSource
  void confirmsKeysUntilOneIsChanged(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        DefaultCamelContext context = camel(store.pool())) {
      JdbcClient sql = JdbcClient.create(store.pool());
      remember(sql);
      context.start();
      advance(600);
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Known.class);
      awaitRound();
      advance(999);
      assertThat(keys.identify(HEADER)).as("confirmed").isInstanceOf(Lookup.Known.class);

      awaitRound();
      sql.sql("update api_keys set revoked_at = 1").update();
      advance(600);
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Known.class);
      awaitRound();
      advance(400);
      assertThat(keys.identify(HEADER)).as("changed").isInstanceOf(Lookup.Question.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnBehindAFailure(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        DefaultCamelContext context = camel(store.pool())) {
      JdbcClient sql = JdbcClient.create(store.pool());
      remember(sql);
      lookups.storeFailed("a test");
      sql.sql("alter table key_changes rename to hidden").update();
      context.start();
      advance(600);
      keys.identify(HEADER);
      awaitRound();
      sql.sql("alter table hidden rename to key_changes").update();
      advance(399);
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Known.class);
      awaitRound();
      advance(999);
      assertThat(keys.identify(HEADER)).as("confirmed").isInstanceOf(Lookup.Known.class);
      assertThat(lookups.isStoreAway()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksNothingWhileNoKeyIsInUse(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        DefaultCamelContext context = camel(store.pool())) {
      remember(JdbcClient.create(store.pool()));
      keys.takeUse();
      context.start();
      advance(600);
      awaitRound();
      advance(400);
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Question.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachChangeMakesANewVersion(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      JdbcClient sql = JdbcClient.create(store.pool());
      long last = version(sql);
      assertThat(last).isZero();
      insert(sql);
      assertThat(version(sql)).isGreaterThan(1_700_000_000_000_000L);
      List<String> changes = new ArrayList<>();
      changes.add("update api_keys set name = 'other'");
      changes.add("delete from api_keys");
      if (vendor == Vendor.POSTGRESQL) {
        changes.add("truncate api_keys");
      }
      sql.sql("update key_changes set version = 9000000000000000").update(); // a clock was set back
      for (String change : changes) {
        last = version(sql);
        sql.sql(change).update();
        assertThat(version(sql)).as(change).isEqualTo(last + 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatIsRevokedByHandIsRefused(Vendor vendor) throws Exception {
    try (Gateway gateway = Gateway.start(vendor.newStore())) {
      Gateway.NewKey key = gateway.newKey("{\"name\":\"ci\"}");
      await().until(() -> status(gateway, key) == 200);
      JdbcClient.create(gateway.bean(DataSource.class))
          .sql("update api_keys set revoked_at = 1")
          .update();
      await().until(() -> status(gateway, key) == 401);
    }
  }

  private static int status(Gateway gateway, Gateway.NewKey key) {
    return gateway
        .chat(
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}\
            """,
            "Authorization",
            "Bearer " + key.secret())
        .statusCode();
  }

  /** Waits until a round has begun after now, and ended. */
  private void awaitRound() {
    int before = rounds.get();
    await().until(() -> rounds.get() >= before + 2);
  }

  private void advance(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private DefaultCamelContext camel(DataSource pool) throws Exception {
    DefaultCamelContext context = new DefaultCamelContext();
    context.disableJMX();
    context.getRegistry().bind("pool", DataSource.class, pool);
    context
        .getManagementStrategy()
        .addEventNotifier(
            new EventNotifierSupport() {
              @Override
              public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeCompletedEvent) {
                  rounds.incrementAndGet();
                }
              }
            });
    context.addRoutes(new KeyChangesRoute(keys, lookups));
    return context;
  }

  /** Has the key looked up, as it is in the database. */
  private void remember(JdbcClient sql) {
    insert(sql);
    keys.remember((Lookup.Question) keys.identify(HEADER), stored(), version(sql));
  }

  private static long version(JdbcClient sql) {
    return sql.sql("select coalesce(max(version), 0) from key_changes").query(Long.class).single();
  }

  private static void insert(JdbcClient sql) {
    sql.sql(
            """
            insert into api_keys (id, name, key_hash, prefix, models, tags, created_at)
            values ('key_1', 'a', ?, 'sk-iir-aaaa…', '[]', '{}', 0)
            """)
        .param(KeyHash.of(SECRET).hex())
        .update();
  }

  private static StoredKey stored() {
    ApiKey key =
        new ApiKey(
            "key_1",
            "a",
            null,
            List.of(ModelPattern.ALL),
            LimitOverrides.NONE,
            Map.of(),
            null,
            Role.USER);
    return new StoredKey(key, KeyHash.of(SECRET), "sk-iir-aaaa…", Instant.EPOCH);
  }
}
