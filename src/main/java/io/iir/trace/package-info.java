/** Traces: what OpenTelemetry's SDK is told of a request, where a collector is named. */
@NullMarked
package io.iir.trace;

import org.jspecify.annotations.NullMarked;
