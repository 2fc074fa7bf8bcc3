package io.iir.trace;

import io.iir.config.StartException;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's SDK, which sends spans to a collector from a thread of its own. Loaded only where
 * there are traces. Thread-safe.
 */
final class TraceExport implements AutoCloseable {

  private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
  private static final AttributeKey<String> SERVICE_VERSION =
      AttributeKey.stringKey("service.version");
  private static final int QUEUE = 2048;
  private static final int FLUSH_SECONDS = 3;

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;
  private final boolean contents;

  private TraceExport(OpenTelemetrySdk sdk, boolean contents) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("io.iir");
    this.contents = contents;
  }

  /**
   * Starts the SDK as its variables and, behind them, {@code settings} say, for traces alone.
   *
   * @param contents whether what is said goes into spans
   * @throws StartException if they make no sense
   */
  static TraceExport start(Map<String, String> settings, MeterRegistry registry, boolean contents) {
    SpanCounts counts = new SpanCounts(registry);
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> settings)
              .addPropertiesCustomizer(
                  given -> Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none"))
              .addResourceCustomizer((given, config) -> resource(given))
              .addSpanExporterCustomizer((exporter, config) -> counts.counted(exporter))
              .addSpanProcessorCustomizer((processor, config) ->
                  counts.bounded(processor, config.getInt("otel.bsp.max.queue.size", QUEUE)))
              .build()
              .getOpenTelemetrySdk();
      return new TraceExport(sdk, contents);
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new StartException(
          "Traces cannot be sent as the OTEL_… variables say%s.".formatted(why(e)),
          "Correct them, or unset OTEL_EXPORTER_OTLP_ENDPOINT to send none.",
          e);
    }
  }

  /** What headers are sent to the collector is a secret, which the SDK's words may hold. */
  private static String why(RuntimeException failure) {
    String words = String.valueOf(failure.getMessage());
    return words.contains("headers")
        ? ": OTEL_EXPORTER_OTLP_HEADERS is not 'name=value,name=value'"
        : ": " + words.replaceAll("\\.$", "");
  }

  private static Resource resource(Resource given) {
    String name = given.getAttribute(SERVICE_NAME);
    boolean unnamed = name == null || name.startsWith("unknown_service");
    String version = version();
    Resource named =
        unnamed ? given.merge(Resource.create(Attributes.of(SERVICE_NAME, "iir"))) : given;
    return version == null || given.getAttribute(SERVICE_VERSION) != null
        ? named
        : named.merge(Resource.create(Attributes.of(SERVICE_VERSION, version)));
  }

  private static @Nullable String version() {
    return TraceExport.class.getPackage().getImplementationVersion();
  }

  Tracer tracer() {
    return tracer;
  }

  TextMapPropagator propagator() {
    return sdk.getPropagators().getTextMapPropagator();
  }

  boolean contents() {
    return contents;
  }

  @Override
  public void close() {
    sdk.getSdkTracerProvider().shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
