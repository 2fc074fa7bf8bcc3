package io.iir.provider;

import java.net.URI;

/**
 * Whom to call, and for what.
 *
 * @param provider whose key, limits and protocol hold
 * @param baseUrl what paths are put behind; differs from the provider's where servers were found
 * @param upstream the model's name there
 */
public record Resolved(Provider provider, URI baseUrl, String upstream) {}
