package io.iir.cluster;

import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who else shares this gateway's state: nobody, unless there is a Redis. */
@Configuration(proxyBeanMethods = false)
public class ClusterConfiguration {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 16;

  @Bean
  Replicas replicas(ObjectProvider<Redis> shared, MeterRegistry registry)
      throws InterruptedException {
    Redis redis = shared.getIfAvailable();
    String self = newId();
    Replicas replicas;
    if (redis == null) {
      replicas = Replicas.alone(self);
    } else {
      RedisReplicas others = new RedisReplicas(redis, self);
      others.start();
      replicas = others;
    }
    Gauge.builder(Meters.REPLICAS.id(), replicas, Replicas::count).register(registry);
    return replicas;
  }

  @Bean
  Announcements announcements(ObjectProvider<Redis> shared, Replicas replicas) {
    Redis redis = shared.getIfAvailable();
    return redis == null
        ? new LocalAnnouncements()
        : new RedisAnnouncements(redis, replicas.self());
  }

  private static String newId() {
    SecureRandom random = new SecureRandom();
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
