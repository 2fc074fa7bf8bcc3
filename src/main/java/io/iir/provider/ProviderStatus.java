package io.iir.provider;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is, for {@code /health}. Holds no secret.
 *
 * @param name its name
 * @param protocol {@code openai} or {@code sim}
 * @param baseUrls where it is; several or none for servers that are found
 * @param list {@code ok}, {@code never asked}, {@code listed before the restart}, {@code failed:
 *     <reason>}, or {@code fixed} where it is not asked for its models
 * @param models how many of its models are listed
 * @param asked when it was last asked for them
 * @param kind what kind of provider it turned out to be, in the words of {@link ProviderKind};
 *     several with commas for servers that are found; null where that is not known
 */
public record ProviderStatus(
    String name,
    String protocol,
    List<URI> baseUrls,
    String list,
    int models,
    @Nullable Instant asked,
    @Nullable String kind) {

  /** True unless the provider could not be asked for its models. */
  public boolean isOk() {
    return !list.startsWith("failed");
  }
}
