package io.iir.redis;

import io.iir.config.IirProperties;
import io.iir.config.Secret;
import io.iir.config.TrustBundle;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The shared Redis, where one is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(RedisConfiguration.IsGiven.class)
class RedisConfiguration {

  /** Whether {@code iir.redis-url} has a value. */
  static final class IsGiven implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !context.getEnvironment().getProperty("iir.redis-url", "").isBlank();
    }
  }

  @Bean(destroyMethod = "close")
  LettuceRedis redis(IirProperties properties, MeterRegistry registry) {
    Secret url = Objects.requireNonNull(properties.redisUrl());
    LettuceRedis redis =
        new LettuceRedis(
            new RedisConnections(
                RedisAddress.parse(url), TrustBundle.load(properties.tls().trustPath())),
            properties.state().timeout(),
            new RedisMeters(registry));
    Gauge.builder(Meters.REDIS_UP.id(), redis, one -> one.isAvailable() ? 1 : 0).register(registry);
    return redis;
  }

  @Bean(name = Redis.FOR_ANSWERS, defaultCandidate = false, destroyMethod = "close")
  LettuceRedis redisForAnswers(@Qualifier("redis") LettuceRedis redis) {
    return redis.beside(" for answers");
  }
}
