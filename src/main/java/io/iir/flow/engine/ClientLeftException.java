package io.iir.flow.engine;

/** The client closed its connection before it had the whole answer. No stack trace: an outcome. */
public final class ClientLeftException extends Exception {

  private static final long serialVersionUID = 1;

  ClientLeftException() {
    super("the client left", null, false, false);
  }
}
