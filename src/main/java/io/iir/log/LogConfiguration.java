package io.iir.log;

import io.iir.config.IirProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A line for each request, where it is wanted. */
@Configuration(proxyBeanMethods = false)
public class LogConfiguration {

  @Bean(destroyMethod = "close")
  @ConditionalOnProperty("iir.log.requests")
  RequestLog requestLog(MeterRegistry registry, IirProperties properties) {
    return new RequestLog(registry, properties.log().format());
  }
}
