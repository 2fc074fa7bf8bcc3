package io.iir.provider;

import io.iir.config.ProviderSettings.Affinity;
import io.iir.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a provider has more than one of. Immutable.
 *
 * @param otherUrls its endpoints besides its base URL: all have the same models
 * @param otherKeys its keys besides the first
 * @param affinity which requests go to the same endpoint
 * @param probe how often an endpoint nearby that failed is asked how it is; zero: never
 */
public record Fleet(
    List<URI> otherUrls, List<Secret> otherKeys, Affinity affinity, Duration probe) {

  /** One endpoint and one key. */
  public static final Fleet NONE = new Fleet(List.of(), List.of(), Affinity.NONE, Duration.ZERO);

  public Fleet {
    otherUrls = List.copyOf(otherUrls);
    otherKeys = List.copyOf(otherKeys);
  }
}
