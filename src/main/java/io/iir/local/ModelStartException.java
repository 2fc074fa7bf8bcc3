package io.iir.local;

/** A model's server could not be started; the message says why, without secrets. */
final class ModelStartException extends Exception {

  private static final long serialVersionUID = 1;

  /** {@code message} goes behind the model's name. */
  ModelStartException(String message) {
    super(message);
  }
}
