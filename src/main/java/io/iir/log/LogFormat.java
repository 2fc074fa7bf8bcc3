package io.iir.log;

import io.iir.config.OperatorFile;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets what the log's lines look like, as {@code iir.log.format} says: it must be known before
 * there are beans, but behind the {@linkplain OperatorFile operator's file}. What {@code logging:}
 * says itself wins.
 *
 * @see <a href="https://www.elastic.co/docs/reference/ecs">Elastic Common Schema</a>
 */
public final class LogFormat implements EnvironmentPostProcessor, Ordered {

  /** Behind the level: the request that a line is about, where it is about one. */
  private static final String ABOUT = "%replace(%X{http.request.id}){'^(.+)$','[$1] '}";

  @Override
  public int getOrder() {
    return ConfigDataEnvironmentPostProcessor.ORDER + 2;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    Map<String, Object> settings = new TreeMap<>();
    if ("json".equalsIgnoreCase(environment.getProperty("iir.log.format"))) {
      settings.put("logging.structured.format.console", "ecs");
      settings.put("logging.structured.ecs.service.name", name(environment));
      put(settings, "logging.structured.ecs.service.version", version());
      put(
          settings,
          "logging.structured.ecs.service.node-name",
          environment.getProperty("HOSTNAME"));
    } else {
      settings.put("logging.pattern.correlation", ABOUT);
    }
    environment.getPropertySources().addLast(new MapPropertySource("log format", settings));
  }

  private static String name(ConfigurableEnvironment environment) {
    String name = environment.getProperty("otel.service.name");
    return name == null || name.isBlank() ? "iir" : name;
  }

  private static @Nullable String version() {
    return LogFormat.class.getPackage().getImplementationVersion();
  }

  private static void put(Map<String, Object> settings, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      settings.put(name, value);
    }
  }
}
