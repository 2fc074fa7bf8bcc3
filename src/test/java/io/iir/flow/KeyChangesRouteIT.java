package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.AdminKey;
import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyHash;
import io.iir.auth.Lookup;
import io.iir.auth.Role;
import io.iir.auth.StoredKey;
import io.iir.provider.ModelPattern;
import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import io.iir.throttle.LimitOverrides;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

  @ParameterizedTest
  @EnumSource
  void confirmsKeysUntilOneIsChanged(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        DefaultCamelContext context = camel(store.pool())) {
      JdbcClient sql = JdbcClient.create(store.pool());
      insert(sql);
      Lookup.Question question = (Lookup.Question) keys.identify(HEADER);
      keys.remember(question, stored(), times(sql));
      context.start();
      advance(600);
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Known.class);
      awaitRound();
      advance(999);
      assertThat(keys.identify(HEADER)).as("confirmed").isInstanceOf(Lookup.Known.class);

      sql.sql("update api_keys set revoked_at = 1").update();
      assertThat(keys.identify(HEADER)).isInstanceOf(Lookup.Known.class);
      awaitRound();
      advance(1_000);
      assertThat(keys.identify(HEADER)).as("changed").isInstanceOf(Lookup.Question.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachChangeCounts(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor)) {
      JdbcClient sql = JdbcClient.create(store.pool());
      assertThat(times(sql)).isZero();
      insert(sql);
      assertThat(times(sql)).isOne();
      sql.sql("update api_keys set name = 'other'").update();
      assertThat(times(sql)).isEqualTo(2);
      sql.sql("delete from api_keys").update();
      assertThat(times(sql)).isEqualTo(3);
    }
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
    context.addRoutes(new KeyChangesRoute(keys));
    return context;
  }

  private static long times(JdbcClient sql) {
    return sql.sql("select coalesce(max(times), 0) from key_changes").query(Long.class).single();
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
