package io.iir.protocol.bedrock;

import io.iir.protocol.Claude;
import java.util.Locale;

/**
 * What is to be known of a model behind Converse, told by its id: {@code
 * us.anthropic.claude-sonnet-4-5-20250929-v1:0}, {@code amazon.nova-lite-v1:0}, or an ARN with such
 * an id in it.
 *
 * @param id the id or ARN
 */
record BedrockModel(String id) {

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

  /** What it takes as a Claude; one that is not known if it is none. */
  Claude claude() {
    return Claude.named(id);
  }

  boolean isClaude() {
    return family() == Family.CLAUDE;
  }

  /**
   * Whether it decides itself how much to think.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html">
   *     Adaptive thinking</a>
   */
  boolean thinksAdaptively() {
    return claude().thinksAdaptively();
  }

  /** Whether it thinks within a budget of tokens. */
  boolean thinksByBudget() {
    return claude().known() && claude().thinks() && !thinksAdaptively();
  }

  /** Whether it is one of the second generation of Nova, which reason. */
  boolean isNova2() {
    return name().contains("nova-2");
  }

  private String name() {
    return id.toLowerCase(Locale.ROOT);
  }
}
