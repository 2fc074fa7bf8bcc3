package io.iir.provider;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Whom to call, and for what.
 *
 * @param provider whose key, limits and protocol hold
 * @param baseUrl what paths are put behind; differs from the provider's where servers were found
 * @param upstream the model's name there
 * @param onDemand what must be started first; null: nothing
 */
public record Resolved(
    Provider provider, URI baseUrl, String upstream, @Nullable OnDemandModel onDemand) {

  /** One that need not be started. */
  public Resolved(Provider provider, URI baseUrl, String upstream) {
    this(provider, baseUrl, upstream, null);
  }
}
