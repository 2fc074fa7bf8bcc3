package io.iir.provider;

import io.iir.config.AuthForm;
import io.iir.config.Protocol;
import io.iir.openai.FieldRules;
import io.iir.provider.Vendor.Names;
import io.iir.provider.Vendor.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vendors that are known: most need nothing but a key in the environment. The rules on fields
 * are those that each vendor's own documentation gives.
 */
public final class Vendors {

  /** Many still call the limit by its first name, which OpenAI keeps besides the newer one. */
  private static final FieldRules MAX_TOKENS =
      FieldRules.NONE.rename("max_completion_tokens", "max_tokens");

  /**
   * It refuses fields that it does not know with 422.
   *
   * @see <a href="https://docs.mistral.ai/api/endpoint/chat">Mistral's chat completion request</a>
   */
  private static final FieldRules MISTRAL =
      MAX_TOKENS
          .rename("seed", "random_seed")
          .drop(
              "stream_options",
              "user",
              "safety_identifier",
              "store",
              "service_tier",
              "prompt_cache_key",
              "prompt_cache_retention",
              "verbosity");

  /**
   * What it does not support and a request is no worse without.
   *
   * @see <a href="https://docs.cohere.com/docs/compatibility-api">Using Cohere models via the
   *     OpenAI SDK</a>
   */
  private static final FieldRules COHERE =
      MAX_TOKENS.drop("store", "metadata", "service_tier", "parallel_tool_calls");

  /**
   * It answers 400 to these.
   *
   * @see <a href="https://inference-docs.cerebras.ai/resources/openai">Cerebras: OpenAI
   *     compatibility</a>
   */
  private static final FieldRules CEREBRAS =
      FieldRules.NONE.drop("service_tier", "parallel_tool_calls");

  /** One row a vendor, in the order in which sets such as {@code any} try them. */
  public static final List<Vendor> ALL =
      List.of(
          Vendor.of("openai", "https://api.openai.com/v1"),
          Vendor.of("anthropic", "https://api.anthropic.com/v1")
              .speaks(Protocol.ANTHROPIC)
              .is(ProviderKind.ANTHROPIC)
              .takes(Names.OTHERS),
          Vendor.of("gemini", "https://generativelanguage.googleapis.com/v1beta")
              .key("GOOGLE_API_KEY")
              .speaks(Protocol.GEMINI)
              .is(ProviderKind.GEMINI)
              .takes(Names.OTHERS),
          Vendor.of("mistral", "https://api.mistral.ai/v1").fields(MISTRAL),
          Vendor.of("groq", "https://api.groq.com/openai/v1"),
          Vendor.of("cerebras", "https://api.cerebras.ai/v1").fields(CEREBRAS),
          Vendor.of("sambanova", "https://api.sambanova.ai/v1"),
          Vendor.of("deepseek", "https://api.deepseek.com/v1").fields(MAX_TOKENS),
          Vendor.of("xai", "https://api.x.ai/v1").takes(Names.OTHERS),
          Vendor.of("together", "https://api.together.xyz/v1").fields(MAX_TOKENS),
          Vendor.of("fireworks", "https://api.fireworks.ai/inference/v1").takes(Names.OTHERS),
          Vendor.of("nvidia", "https://integrate.api.nvidia.com/v1").fields(MAX_TOKENS),
          Vendor.of("perplexity", "https://api.perplexity.ai")
              .takes(Names.UNLISTED)
              .fields(MAX_TOKENS),
          Vendor.of("cohere", "https://api.cohere.ai/compatibility/v1")
              .takes(Names.UNLISTED)
              .fields(COHERE),
          Vendor.of("openrouter", "https://openrouter.ai/api/v1")
              .is(ProviderKind.OPENROUTER)
              .takes(Names.VARIANTS),
          Vendor.of("huggingface", "https://router.huggingface.co/v1")
              .is(ProviderKind.HUGGINGFACE)
              .key("HF_TOKEN")
              .takes(Names.VARIANTS),
          Vendor.of("azure", "")
              .key("AZURE_OPENAI_API_KEY")
              .auth(AuthForm.API_KEY)
              .takes(Names.UNLISTED),
          Vendor.of("bedrock", "https://bedrock-runtime.{region}.amazonaws.com")
              .key("AWS_BEARER_TOKEN_BEDROCK")
              .in(Place.CLOUD)
              .speaks(Protocol.BEDROCK)
              .takes(Names.UNLISTED),
          Vendor.of(
                  "vertex",
                  "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google")
              .in(Place.CLOUD)
              .speaks(Protocol.GEMINI)
              .auth(AuthForm.GOOGLE)
              .takes(Names.UNLISTED),
          Vendor.of("vllm", "http://127.0.0.1:8000/v1").in(Place.MACHINE),
          Vendor.of("sglang", "http://127.0.0.1:30000/v1").in(Place.MACHINE),
          Vendor.of("ollama", "http://127.0.0.1:11434/v1").in(Place.MACHINE),
          Vendor.of("llama-cpp", "http://127.0.0.1:8080/v1").in(Place.MACHINE),
          Vendor.of("lm-studio", "http://127.0.0.1:1234/v1").in(Place.MACHINE));

  private Vendors() {}

  /** The vendor whose API is at {@code host}, else {@link Vendor#UNKNOWN}. */
  static Vendor at(@Nullable String host) {
    return ALL.stream()
        .filter(vendor -> host != null && host.equals(vendor.host()))
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
