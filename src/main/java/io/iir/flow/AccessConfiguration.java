package io.iir.flow;

import io.iir.auth.AdminAccess;
import io.iir.auth.ApiKeys;
import io.iir.auth.FirstStart;
import io.iir.store.DataDirectory;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryRateLimiter;
import io.iir.throttle.RateLimiter;
import java.security.SecureRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may come in and how much it may use, from the operator's configuration. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {

  @Bean
  DataDirectory dataDirectory(@Value("${iir.data-dir:${user.home}/.agent_coder}") String location) {
    return DataDirectory.open(location);
  }

  @Bean
  AdminAccess adminAccess(@Value("${iir.admin-key:}") String configured, JdbcClient store) {
    return AdminAccess.open(configured, store, new SecureRandom());
  }

  @Bean
  FirstStart firstStart(AdminAccess access) {
    return access.firstStart();
  }

  @Bean
  ApiKeys apiKeys(AdminAccess access) {
    return new ApiKeys(access.key());
  }

  @Bean
  Limits defaultLimits(
      @Value("${iir.limits.default.rpm:600}") int rpm,
      @Value("${iir.limits.default.tpm:400000}") int tpm,
      @Value("${iir.limits.default.concurrency:64}") int concurrency) {
    return new Limits(rpm, tpm, concurrency);
  }

  @Bean
  RateLimiter rateLimiter() {
    return new MemoryRateLimiter();
  }
}
