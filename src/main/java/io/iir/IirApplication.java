package io.iir;

import io.iir.catalog.Catalogue;
import io.iir.cli.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.component.direct.springboot.DirectComponentAutoConfiguration;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.JvmMetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.SystemMetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.jdbc.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.util.ClassUtils;

/**
 * The gateway's entry point. What it is made of is listed, not looked for: to look through the
 * class path, and at three hundred configurations of which thirty are of use, takes a third of the
 * start.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  CamelAutoConfiguration.class,
  CompositeMeterRegistryAutoConfiguration.class,
  ConfigurationPropertiesAutoConfiguration.class,
  DataSourcePoolMetricsAutoConfiguration.class,
  DataSourceTransactionManagerAutoConfiguration.class,
  DirectComponentAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  JdbcClientAutoConfiguration.class,
  JdbcTemplateAutoConfiguration.class,
  JvmMetricsAutoConfiguration.class,
  LifecycleAutoConfiguration.class,
  MetricsAutoConfiguration.class,
  ProjectInfoAutoConfiguration.class,
  PrometheusMetricsExportAutoConfiguration.class,
  PropertyPlaceholderAutoConfiguration.class,
  SystemMetricsAutoConfiguration.class
})
public class IirApplication {

  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";
  private static final String PARTS = "parts.txt";

  /**
   * Starts the gateway and returns; it runs until it is told to stop. With a command as arguments:
   * does what it says and ends with its exit status.
   */
  public static void main(String[] args) {
    if (Cli.isCommand(args)) {
      System.exit(Cli.run(args, System.in));
    }
    StopSignals.handle();
    // Netty samples buffers for leaks with a stack trace each: the tests look at every one instead.
    System.setProperty(LEAK_DETECTION, System.getProperty(LEAK_DETECTION, "disabled"));
    // Reading it takes a good part of a second, which the beans need not wait for one by one.
    Thread.ofPlatform().daemon().name("catalogue").start(Catalogue::shipped);
    application().run(args);
  }

  /** A gateway that can be run. */
  public static SpringApplication application() {
    SpringApplication application = new SpringApplication(IirApplication.class);
    application.addPrimarySources(
        parts().stream().<Class<?>>map(name -> ClassUtils.resolveClassName(name, null)).toList());
    return application;
  }

  /** The names of its configurations and components: all classes that are annotated so. */
  static Set<String> parts() {
    try (InputStream list =
        Objects.requireNonNull(IirApplication.class.getResourceAsStream(PARTS), PARTS)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
