package io.iir.api.messages;

import io.iir.provider.ProviderDirectory;

/**
 * The names by which clients of Anthropic's call its models, without a provider: {@code
 * claude-sonnet-4-5}. An alias of that name decides; else it is the model of that name of the
 * provider {@code anthropic}, if there is one.
 */
final class ClaudeNames {

  private static final String PREFIX = "claude";
  private static final String PROVIDER = "anthropic";

  private final ProviderDirectory directory;

  ClaudeNames(ProviderDirectory directory) {
    this.directory = directory;
  }

  /** The gateway's name for the model that a client calls {@code name}. */
  String of(String name) {
    boolean bare = name.startsWith(PREFIX) && name.indexOf('/') < 0;
    if (bare && directory.alias(name) == null && directory.provider(PROVIDER) != null) {
      return PROVIDER + "/" + name;
    }
    return name;
  }
}
