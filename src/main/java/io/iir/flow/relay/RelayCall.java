package io.iir.flow.relay;

import io.iir.backend.AnswerTranslator;
import io.iir.backend.EventTap;
import io.iir.backend.Origin;
import io.iir.backend.PoolBounds;
import io.iir.backend.TimeLimits;
import io.iir.backend.UpstreamException;
import io.iir.backend.UpstreamRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How {@code relay:} is to call: what the message's body, which is sent, does not say.
 *
 * @param origin whom
 * @param path where, percent-encoded
 * @param headers what is sent: all but Host and Content-Length, which the call adds
 * @param limits how long it may take
 * @param bounds how many calls of the provider's to the origin there may be at a time
 * @param stream whether a stream is asked for
 * @param keepAliveNanos after how long a client that waits for the first token gets a comment
 * @param tap watches the stream's events
 * @param translator reads the answer; null: it is in OpenAI's form
 * @param opening what must be waited for first: tells where to call instead of {@code origin}, or
 *     fails with an {@link UpstreamException}; null: nothing
 */
public record RelayCall(
    Origin origin,
    String path,
    HttpHeaders headers,
    TimeLimits limits,
    PoolBounds bounds,
    boolean stream,
    long keepAliveNanos,
    EventTap tap,
    @Nullable AnswerTranslator translator,
    @Nullable CompletableFuture<Origin> opening) {

  /** The same call, once {@code first} is over. */
  public RelayCall after(CompletableFuture<Origin> first) {
    return new RelayCall(
        origin, path, headers, limits, bounds, stream, keepAliveNanos, tap, translator, first);
  }

  /** The same call, whose stream {@code other} watches. */
  public RelayCall watchedBy(EventTap other) {
    return new RelayCall(
        origin, path, headers, limits, bounds, stream, keepAliveNanos, other, translator, opening);
  }

  /** The same call, whose client gets no comments: they would begin its answer. */
  public RelayCall silent() {
    return new RelayCall(
        origin, path, headers, limits, bounds, stream, Long.MAX_VALUE, tap, translator, opening);
  }

  /** The call as the client of providers makes it, with {@code body}. */
  public UpstreamRequest request(byte[] body) {
    return new UpstreamRequest(
        origin, HttpMethod.POST, path, headers, body, limits, keepAliveNanos, stream, translator);
  }

  /** Without the headers: they hold the provider's key. */
  @Override
  public String toString() {
    return "RelayCall[%s%s]".formatted(origin.authority(), path);
  }
}
