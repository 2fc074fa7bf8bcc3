package io.iir.flow;

import io.iir.auth.AdminAccess;
import io.iir.auth.ApiKeys;
import io.iir.auth.FirstStart;
import io.iir.auth.KeyHash;
import io.iir.auth.KeyLookups;
import io.iir.cluster.Announcements;
import io.iir.config.IirProperties;
import io.iir.config.Secret;
import io.iir.store.DataDirectory;
import io.iir.store.StoreHealth;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryRateLimiter;
import io.iir.throttle.RateLimiter;
import java.security.SecureRandom;
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
  Limits defaultLimits(IirProperties properties) {
    IirProperties.Limit limit = properties.limits().defaults();
    return new Limits(limit.rpm(), limit.tpm(), limit.concurrency());
  }

  @Bean
  RateLimiter rateLimiter() {
    return new MemoryRateLimiter();
  }
}
