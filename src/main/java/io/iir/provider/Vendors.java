package io.iir.provider;

import io.iir.provider.Vendor.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vendors whose key in the environment is enough to have them. */
public final class Vendors {

  /** One row a vendor, in the order in which sets such as {@code any} try them. */
  public static final List<Vendor> ALL =
      List.of(
          Vendor.of("openai", "https://api.openai.com/v1"),
          Vendor.of("anthropic", "https://api.anthropic.com/v1")
              .is(ProviderKind.ANTHROPIC)
              .takes(Names.OTHERS),
          Vendor.of("gemini", "https://generativelanguage.googleapis.com/v1beta/openai")
              .key("GOOGLE_API_KEY")
              .is(ProviderKind.GEMINI)
              .takes(Names.OTHERS),
          Vendor.of("mistral", "https://api.mistral.ai/v1"),
          Vendor.of("groq", "https://api.groq.com/openai/v1"),
          Vendor.of("cerebras", "https://api.cerebras.ai/v1"),
          Vendor.of("sambanova", "https://api.sambanova.ai/v1"),
          Vendor.of("deepseek", "https://api.deepseek.com/v1"),
          Vendor.of("xai", "https://api.x.ai/v1").takes(Names.OTHERS),
          Vendor.of("together", "https://api.together.xyz/v1"),
          Vendor.of("fireworks", "https://api.fireworks.ai/inference/v1").takes(Names.OTHERS),
          Vendor.of("nvidia", "https://integrate.api.nvidia.com/v1"),
          Vendor.of("perplexity", "https://api.perplexity.ai").takes(Names.UNLISTED),
          Vendor.of("cohere", "https://api.cohere.ai/compatibility/v1").takes(Names.UNLISTED),
          Vendor.of("openrouter", "https://openrouter.ai/api/v1")
              .is(ProviderKind.OPENROUTER)
              .takes(Names.VARIANTS),
          Vendor.of("huggingface", "https://router.huggingface.co/v1")
              .is(ProviderKind.HUGGINGFACE)
              .key("HF_TOKEN")
              .takes(Names.VARIANTS));

  private Vendors() {}

  /** The vendor whose API is at {@code host}, else {@link Vendor#UNKNOWN}. */
  static Vendor at(@Nullable String host) {
    return ALL.stream()
        .filter(vendor -> vendor.host().equals(host))
        .findFirst()
        .orElse(Vendor.UNKNOWN);
  }

  /** The vendor of that name, else {@link Vendor#UNKNOWN}. */
  public static Vendor named(String name) {
    return ALL.stream()
        .filter(vendor -> vendor.name().equals(name))
        .findFirst()
        .orElse(Vendor.UNKNOWN);
  }
}
