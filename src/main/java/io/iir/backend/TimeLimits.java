package io.iir.backend;

import java.time.Duration;

/**
 * How long a call to a provider may take.
 *
 * @param connect until the connection, TLS included, stands
 * @param firstToken from the call's start to the first event of a stream
 * @param betweenTokens between two reads of an answer that has begun
 * @param total from the call's start to the last byte
 * @param untilAnswer from the call's start until the client's answer begins: what the attempts
 *     before this one have left of the request's time
 */
public record TimeLimits(
    Duration connect,
    Duration firstToken,
    Duration betweenTokens,
    Duration total,
    Duration untilAnswer) {

  /** The same, but for an answer that must begin within {@code left}. */
  public TimeLimits within(Duration left) {
    return new TimeLimits(connect, firstToken, betweenTokens, total, left);
  }
}
