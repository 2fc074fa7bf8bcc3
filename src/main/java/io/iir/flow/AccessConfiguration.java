package io.iir.flow;

import io.iir.auth.AdminAccess;
import io.iir.auth.ApiKeys;
import io.iir.auth.FirstStart;
import io.iir.auth.KeyHash;
import io.iir.auth.KeyLookups;
import io.iir.cluster.Announcements;
import io.iir.cluster.Replicas;
import io.iir.config.IirProperties;
import io.iir.config.Secret;
import io.iir.config.StateSettings;
import io.iir.redis.Redis;
import io.iir.store.DataDirectory;
import io.iir.store.StoreHealth;
import io.iir.throttle.BudgetWatch;
import io.iir.throttle.Limiter;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import io.iir.throttle.shared.RedisLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may come in and how much it may use, from the operator's configuration. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {

  @Bean
  DataDirectory dataDirectory(IirProperties properties) {
    return DataDirectory.open(properties.dataDir());
  }

  @Bean
  AdminAccess adminAccess(IirProperties properties, JdbcClient store) {
    Secret configured = properties.adminKey();
    return AdminAccess.open(
        configured == null ? "" : configured.value(), store, new SecureRandom());
  }

  @Bean
  FirstStart firstStart(AdminAccess access) {
    return access.firstStart();
  }

  @Bean
  ApiKeys apiKeys(AdminAccess access, Announcements announcements) {
    ApiKeys keys = new ApiKeys(access.key());
    announcements.listen(Announcements.Topic.KEY_CHANGED, hash -> keys.forget(new KeyHash(hash)));
    return keys;
  }

  @Bean
  KeyLookups keyLookups(StoreHealth health) {
    return new KeyLookups(health::answers);
  }

  @Bean
  Limiter limiter(
      IirProperties properties,
      ObjectProvider<Spent> ledger,
      ObjectProvider<Redis> redis,
      Replicas replicas,
      MeterRegistry registry,
      ObjectProvider<BudgetWatch> watches) {
    Spent spent = ledger.getIfAvailable(() -> AccessConfiguration::nothing);
    StateSettings.OnFailure onFailure = properties.state().onFailure();
    BudgetWatch watch = watches.getIfAvailable(() -> BudgetWatch.NONE);
    Redis shared = redis.getIfAvailable();
    if (shared == null) {
      return new MemoryLimiter(spent, onFailure.budgets(), replicas::count, watch);
    }
    RedisLimiter limiter =
        new RedisLimiter(shared, replicas.self(), replicas::count, spent, onFailure, watch);
    limiter.bindTo(registry);
    return limiter;
  }

  private static CompletableFuture<Long> nothing(Subject subject, Instant start) {
    return CompletableFuture.completedFuture(0L);
  }
}
