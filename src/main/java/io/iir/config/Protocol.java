package io.iir.config;

/** The protocol that a provider speaks. */
public enum Protocol {
  /** OpenAI's HTTP API, which most servers and vendors offer. */
  OPENAI,
  /** Anthropic's Messages API. */
  ANTHROPIC,
  /** Google's {@code generateContent}, as the Gemini API and Vertex AI offer it. */
  GEMINI,
  /** AWS Bedrock's Converse API. */
  BEDROCK,
  /** The simulator inside the gateway: it answers itself and calls nobody. */
  SIM
}
