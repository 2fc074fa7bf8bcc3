package io.iir.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The protocol that a provider speaks. */
public enum Protocol {
  /** OpenAI's HTTP API, which most servers and vendors offer. */
  OPENAI(Capability.OPERATIONS),
  /** Anthropic's Messages API. */
  ANTHROPIC(EnumSet.of(Capability.CHAT)),
  /** Google's {@code generateContent}, as the Gemini API and Vertex AI offer it. */
  GEMINI(EnumSet.of(Capability.CHAT, Capability.EMBEDDINGS)),
  /** AWS Bedrock's Converse API. */
  BEDROCK(EnumSet.of(Capability.CHAT)),
  /** The simulator inside the gateway: it answers itself and calls nobody. */
  SIM(EnumSet.of(Capability.CHAT, Capability.EMBEDDINGS));

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, and nobody has the set behind it
  private final Set<Capability> operations;

  Protocol(Set<Capability> operations) {
    this.operations = Collections.unmodifiableSet(operations);
  }

  /** What its models can be asked for: some of {@link Capability#OPERATIONS}. */
  public Set<Capability> operations() {
    return operations;
  }
}
