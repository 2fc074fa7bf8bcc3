package io.iir.config;

/** The protocol that a provider speaks. */
public enum Protocol {
  /** OpenAI's HTTP API, which most servers and vendors offer. */
  OPENAI,
  /** The simulator inside the gateway: it answers itself and calls nobody. */
  SIM
}
