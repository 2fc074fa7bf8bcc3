package io.iir.trace;

import io.iir.config.IirProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Traces, where the environment names a collector. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {

  @Bean(destroyMethod = "close")
  Traces traces(
      ConfigurableEnvironment environment, MeterRegistry registry, IirProperties properties) {
    return TraceEnvironment.isOn(environment)
        ? Traces.to(
            TraceExport.start(
                TraceEnvironment.settings(environment), registry, properties.trace().contents()))
        : Traces.off();
  }

  /** Where there is none, Prometheus' meters look for no exemplars. */
  @Bean
  @Conditional(OnTraces.class)
  SpanContext exemplars() {
    return new Exemplars();
  }
}
