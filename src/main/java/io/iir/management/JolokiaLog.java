package io.iir.management;

import org.jolokia.core.api.LogHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where Jolokia writes what it does: the gateway's log. */
final class JolokiaLog implements LogHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);

  @Override
  public void debug(String message) {
    LOG.debug(message);
  }

  @Override
  public void info(String message) {
    LOG.debug(message);
  }

  @Override
  public void error(String message, Throwable cause) {
    LOG.warn(message, cause);
  }

  /** Requests would be written with their arguments, which nobody needs in a log. */
  @Override
  public boolean isDebug() {
    return false;
  }
}
