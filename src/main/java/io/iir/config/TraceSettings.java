package io.iir.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Traces, besides what OpenTelemetry's own variables say.
 *
 * @param contents whether spans hold what was asked and answered
 */
public record TraceSettings(@DefaultValue("false") boolean contents) {}
