package io.iir.flow;

import io.iir.backend.CopyRoom;
import io.iir.cache.AnswerCache;
import io.iir.cluster.Announcements;
import io.iir.cluster.Replicas;
import io.iir.config.IirProperties;
import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where answers are kept. */
@Configuration(proxyBeanMethods = false)
public class CacheConfiguration {

  @Bean(destroyMethod = "close")
  AnswerCache answerCache(
      IirProperties properties,
      @Qualifier(Redis.FOR_ANSWERS) ObjectProvider<Redis> redis,
      Announcements announcements,
      Replicas replicas,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService blocking,
      Clock clock,
      MeterRegistry registry) {
    IirProperties.Cache settings = properties.cache();
    AnswerCache cache =
        new AnswerCache(
            new AnswerCache.Bounds(
                settings.maxSize().toBytes(),
                settings.maxEntries(),
                settings.maxSharedSize().toBytes()),
            redis.getIfAvailable(),
            announcements,
            replicas,
            blocking,
            clock);
    Gauge.builder(Meters.CACHE_ENTRIES.id(), cache, AnswerCache::entries).register(registry);
    Gauge.builder(Meters.CACHE_SIZE.id(), cache, AnswerCache::bytes)
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    FunctionCounter.builder(Meters.CACHE_EVICTIONS.id(), cache, AnswerCache::evictions)
        .register(registry);
    return cache;
  }

  /** A quarter of what the cache may take, but not less than an answer that it can keep. */
  @Bean
  CopyRoom copyRoom(IirProperties properties) {
    long size = properties.cache().maxSize().toBytes();
    long entry = properties.cache().maxEntry().toBytes();
    return new CopyRoom(Math.max(size / 4, Math.min(entry, size)));
  }
}
