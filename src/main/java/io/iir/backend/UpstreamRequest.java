package io.iir.backend;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider.
 *
 * @param origin where to
 * @param method GET, POST …
 * @param path path and query, percent-encoded
 * @param headers all but Host and Content-Length, which the call adds to them
 * @param body may be empty
 * @param limits how long it may take
 * @param keepAlive nanoseconds after which a client that asked for a stream gets an SSE comment
 *     while it waits for the first token; Long.MAX_VALUE: never
 * @param stream whether a stream was asked for
 * @param translator reads the answer; null: it is in OpenAI's form
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
public record UpstreamRequest(
    Origin origin,
    HttpMethod method,
    String path,
    HttpHeaders headers,
    byte[] body,
    TimeLimits limits,
    long keepAlive,
    boolean stream,
    @Nullable AnswerTranslator translator) {

  /** Without the headers: they hold the provider's key. */
  @Override
  public String toString() {
    return "%s %s%s, %d bytes".formatted(method, origin.authority(), path, body.length);
  }
}
