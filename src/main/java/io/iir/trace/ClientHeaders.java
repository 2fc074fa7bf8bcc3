package io.iir.trace;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's headers, which are lower-case, for what they say of its trace. */
enum ClientHeaders implements TextMapGetter<Map<String, Object>> {
  /** The only one. */
  INSTANCE;

  @Override
  public Iterable<String> keys(Map<String, Object> headers) {
    return headers.keySet();
  }

  @Override
  public @Nullable String get(@Nullable Map<String, Object> headers, String name) {
    return headers != null && headers.get(name) instanceof String value ? value : null;
  }
}
