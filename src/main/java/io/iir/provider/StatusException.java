package io.iir.provider;

import java.io.IOException;

/** A server answered with another status than 200. Its message says it in words. */
final class StatusException extends IOException {

  private final int status;

  StatusException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
