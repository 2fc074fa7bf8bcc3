package io.iir.trace;

/**
 * Whom a call asks for what.
 *
 * @param operation what is asked for, in OpenTelemetry's words: {@code chat}, {@code embeddings} …
 * @param provider the provider's name
 * @param model the model's, without its provider
 * @param host the host that is called
 * @param port and the port
 */
public record CallTarget(String operation, String provider, String model, String host, int port) {}
