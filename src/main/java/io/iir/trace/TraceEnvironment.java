package io.iir.trace;

import io.iir.config.StartException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * What OpenTelemetry's own variables say of traces; they mean what they mean everywhere. The
 * command line may say the same in its form: {@code --otel.exporter.otlp.endpoint=…}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporters</a>
 */
final class TraceEnvironment {

  private static final String HTTP = "http/protobuf";

  private TraceEnvironment() {}

  /** Whether a collector is named, and nothing says that it gets no traces. */
  static boolean isOn(Environment environment) {
    boolean named =
        get(environment, "otel.exporter.otlp.traces.endpoint") != null
            || get(environment, "otel.exporter.otlp.endpoint") != null;
    return named
        && !"true".equalsIgnoreCase(get(environment, "otel.sdk.disabled"))
        && !"none".equals(get(environment, "otel.traces.exporter"));
  }

  /**
   * What the command line says, and what holds where nothing is said.
   *
   * @throws StartException if traces are to go by a protocol that the gateway does not speak
   */
  static Map<String, String> settings(ConfigurableEnvironment environment) {
    checkProtocol(environment, "otel.exporter.otlp.traces.protocol");
    checkProtocol(environment, "otel.exporter.otlp.protocol");
    Map<String, String> settings = new TreeMap<>();
    settings.put("otel.exporter.otlp.protocol", HTTP);
    environment.getPropertySources().stream()
        .filter(CommandLinePropertySource.class::isInstance)
        .map(CommandLinePropertySource.class::cast)
        .forEach(arguments -> {
          for (String name : arguments.getPropertyNames()) {
            String value = String.valueOf(arguments.getProperty(name));
            if (name.startsWith("otel.") && !value.isBlank()) {
              settings.put(name, value);
            }
          }
        });
    return settings;
  }

  private static void checkProtocol(Environment environment, String property) {
    String protocol = get(environment, property);
    if (protocol != null && !protocol.equals(HTTP)) {
      String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
      throw new StartException(
          "%s is '%s', but the gateway sends traces by %s alone."
              .formatted(variable, protocol, HTTP),
          "Set %s=%s, and the endpoint to the collector's port for HTTP, mostly 4318."
              .formatted(variable, HTTP),
          null);
    }
  }

  private static @Nullable String get(Environment environment, String property) {
    String value = environment.getProperty(property);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
