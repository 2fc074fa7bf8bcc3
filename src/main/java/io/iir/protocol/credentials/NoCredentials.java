package io.iir.protocol.credentials;

import io.iir.backend.UpstreamException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that there is nothing to call a provider with. */
final class NoCredentials {

  private static final Logger LOG = LoggerFactory.getLogger(NoCredentials.class);

  private NoCredentials() {}

  /** A failure that says {@code what}. The client is told no more; why is in the log. */
  static CompletionException because(String what, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    LOG.warn("{}: {}", what, cause.toString());
    return new CompletionException(
        new UpstreamException(UpstreamException.Kind.NOT_READY, what + ": see the gateway's log"));
  }
}
