package io.iir.flow;

import io.iir.transport.ClientLink;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;

/**
 * Where an exchange goes on that waits for an answer from elsewhere: on its client's event loop if
 * it waits there, else on a thread that may be held up, for what comes next may take long.
 */
final class NextThread {

  private NextThread() {}

  /** To be called by the thread on which {@code exchange} begins to wait. */
  static Executor of(Exchange exchange, Executor blocking) {
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    return link != null && link.loop().inEventLoop() ? link.loop() : blocking;
  }
}
