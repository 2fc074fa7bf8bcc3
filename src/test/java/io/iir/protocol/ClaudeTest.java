package io.iir.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaudeTest {

  @ParameterizedTest
  @CsvSource({
    "claude-opus-5-5, opus, 505",
    "claude-opus-5, opus, 500",
    "claude-haiku-4-5-20251001, haiku, 405",
    "claude-sonnet-4-20250514, sonnet, 400",
    "claude-sonnet-4-6, sonnet, 406",
    "claude-opus-4-1@20250805, opus, 401",
    "claude-3-5-sonnet-20241022, sonnet, 305",
    "claude-3-opus-20240229, opus, 300",
    "claude-3-7-sonnet-latest, sonnet, 307",
    "claude-fable-5-1, fable, 501",
    "us.anthropic.claude-opus-4-6-v1, opus, 406",
    "anthropic/claude-sonnet-4.5, sonnet, 405",
    "claude-opus-12-3, opus, 1203",
    "kimi-k2, '', 0",
    "deepseek-chat, '', 0"
  })
  void namesSayFamilyAndVersion(String name, String family, int version) {
    assertThat(Claude.named(name)).isEqualTo(new Claude(family, version));
  }

  @ParameterizedTest
  @CsvSource({
    "claude-3-haiku-20240307, 4096",
    "claude-3-5-haiku-20241022, 8192",
    "claude-3-7-sonnet-20250219, 64000",
    "claude-opus-4-1, 32000",
    "claude-sonnet-4-20250514, 64000",
    "claude-haiku-4-5, 64000",
    "claude-opus-4-5, 64000",
    "claude-opus-4-6, 128000",
    "claude-sonnet-5, 128000",
    "claude-haiku-5-5, 128000",
    "claude-fable-5, 128000",
    "glm-4.6, 8192"
  })
  void modelsHaveLimits(String name, int limit) {
    assertThat(Claude.named(name).maxTokens()).isEqualTo(limit);
  }

  @ParameterizedTest
  @CsvSource({
    // name, no sampling, no forced tools, no prefill, later system, adaptive, xhigh, schemas, off
    "claude-3-5-sonnet-20241022, false, false, false, false, false, false, false, BY_DEFAULT",
    "claude-haiku-4-5, false, false, false, false, false, false, true, BY_DEFAULT",
    "claude-opus-4-6, false, false, true, false, true, false, true, BY_DEFAULT",
    "claude-opus-4-7, true, false, true, false, true, true, true, BY_DEFAULT",
    "claude-opus-4-8, true, false, true, true, true, true, true, BY_DEFAULT",
    "claude-sonnet-5, true, false, true, true, true, true, true, DISABLED",
    "claude-opus-5, true, false, true, true, true, true, true, DISABLED",
    "claude-opus-5-5, true, true, true, true, true, true, true, NEVER",
    "claude-sonnet-5-5, true, true, true, true, true, true, true, BETWEEN_TOOLS",
    "claude-haiku-5-5, true, true, true, true, true, true, true, DISABLED",
    "claude-fable-5, true, false, true, true, true, true, true, NEVER",
    "claude-fable-5-1, true, true, true, true, true, true, true, NEVER",
    "minimax-m2, false, false, false, false, false, false, true, BY_DEFAULT"
  })
  void modelsDiffer(
      String name,
      boolean noSampling,
      boolean noForcedTools,
      boolean noPrefill,
      boolean laterSystem,
      boolean adaptive,
      boolean xhigh,
      boolean schemas,
      Claude.Off off) {
    Claude model = Claude.named(name);

    assertThat(model.refusesSampling()).isEqualTo(noSampling);
    assertThat(model.refusesForcedTools()).isEqualTo(noForcedTools);
    assertThat(model.refusesPrefill()).isEqualTo(noPrefill);
    assertThat(model.hasLaterSystem()).isEqualTo(laterSystem);
    assertThat(model.thinksAdaptively()).isEqualTo(adaptive);
    assertThat(model.hasXhigh()).isEqualTo(xhigh);
    assertThat(model.hasSchemas()).isEqualTo(schemas);
    assertThat(model.thinkingOff()).isEqualTo(off);
  }
}
