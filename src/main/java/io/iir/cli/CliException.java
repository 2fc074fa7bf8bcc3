package io.iir.cli;

/** A command cannot do what it is told: it was told wrongly, or cannot reach what it needs. */
final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Ends the command, with {@code sentence} for who gave it. */
  CliException(String sentence) {
    super(sentence);
  }

  /** Ends the command because of {@code cause}, with {@code sentence} for who gave it. */
  CliException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
