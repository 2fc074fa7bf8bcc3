package io.iir.protocol.kit;

import io.iir.testing.FakeProvider;
import java.util.List;

/**
 * A provider on a real socket that speaks one protocol as strictly as the vendor does, and answers
 * what the vendor's was recorded to answer. Close it.
 */
public interface ProtocolFake extends AutoCloseable {

  /** The protocol's name, as the setting {@code iir.providers.<name>.protocol} has it. */
  String protocol();

  /** What to configure as the provider's base URL. */
  String baseUrl();

  /** A model's name there. */
  String model();

  /** The settings, for {@link io.iir.testing.Gateway#start}, that make it {@code provider}. */
  String[] settings(String provider);

  /** From now on it answers so: whole or as a stream, as the request wants it. */
  void play(Scenario scenario);

  /** The requests so far. */
  List<FakeProvider.Call> requests();

  /** What the client must get of {@code scenario}. */
  Expected expected(Scenario scenario, Form form);

  /** Whether the protocol can do that. What it can't is refused with 400. */
  boolean can(Feature feature);

  /** Fails if there was a request that the vendor would refuse. */
  void verifyAccepted();

  @Override
  void close();

  /** How an answer comes. */
  enum Form {
    /** In one piece. */
    WHOLE,
    /** As events. */
    STREAM
  }

  /** What some protocols have and others lack. */
  enum Feature {
    /** An image is given by its URL. */
    IMAGE_URL,
    /** A schema for the answer. */
    JSON_SCHEMA,
    /** A call's thoughts in the answer. */
    REASONING
  }
}
