package io.iir.protocol.bedrock;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is to be known of a model behind Converse, told by its id: {@code
 * us.anthropic.claude-sonnet-4-5-20250929-v1:0}, {@code amazon.nova-lite-v1:0}, or an ARN with such
 * an id in it.
 *
 * @param id the id or ARN
 */
record BedrockModel(String id) {

  private static final Pattern ADAPTIVE =
      Pattern.compile("claude-(fable|mythos|(opus|sonnet)-(4-[6-9]|[5-9])|haiku-[5-9])");
  private static final Pattern THINKING = Pattern.compile("claude-(3-7|(opus|sonnet|haiku)-4)");

  /** Where a model's own fields stand in {@code additionalModelRequestFields}. */
  enum Family {
    /** Anthropic's Claude. */
    CLAUDE,
    /** Amazon's Nova. */
    NOVA,
    /** OpenAI's models with open weights. */
    GPT_OSS,
    /** Cohere's Command. */
    COHERE,
    /** Any other. */
    OTHER
  }

  Family family() {
    String name = name();
    if (name.contains("claude")) {
      return Family.CLAUDE;
    }
    if (name.contains("nova")) {
      return Family.NOVA;
    }
    if (name.contains("gpt-oss")) {
      return Family.GPT_OSS;
    }
    return name.contains("cohere") ? Family.COHERE : Family.OTHER;
  }

  /**
   * Whether it decides itself how much to think.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html">
   *     Adaptive thinking</a>
   */
  boolean thinksAdaptively() {
    return ADAPTIVE.matcher(name()).find();
  }

  /** Whether it thinks within a budget of tokens. */
  boolean thinksByBudget() {
    return !thinksAdaptively() && THINKING.matcher(name()).find();
  }

  /** Whether it is one of the second generation of Nova, which reason. */
  boolean isNova2() {
    return name().contains("nova-2");
  }

  private String name() {
    return id.toLowerCase(Locale.ROOT);
  }
}
