package io.iir.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * [Traces](MONITORING.md#traces), besides what OpenTelemetry's own variables say: without {@code
 * OTEL_EXPORTER_OTLP_ENDPOINT} there are none.
 *
 * @param contents whether spans hold what was asked and answered; {@code false}: nothing of it
 *     leaves the gateway that way
 */
public record TraceSettings(@DefaultValue("false") boolean contents) {}
