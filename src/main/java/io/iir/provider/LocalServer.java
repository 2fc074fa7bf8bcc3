package io.iir.provider;

import java.net.URI;
import java.util.List;

/**
 * A model server found on this machine.
 *
 * @param baseUrl such as {@code http://127.0.0.1:11434/v1}
 * @param kind what kind of server it is
 * @param models what it lists
 */
public record LocalServer(URI baseUrl, ProviderKind kind, List<ListedModel> models) {}
