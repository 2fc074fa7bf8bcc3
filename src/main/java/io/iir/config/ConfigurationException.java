package io.iir.config;

/** The configuration cannot work; the message is one sentence for the operator who wrote it. */
public final class ConfigurationException extends RuntimeException {

  /** A refusal to start with {@code sentence}. */
  public ConfigurationException(String sentence) {
    super(sentence);
  }
}
