package io.iir.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.config.Capability;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private static final Catalogue SHIPPED = Catalogue.shipped();

  private static final String OPEN =
      """
        - id: tiny-1b
          context: 4096
          can: [chat]
          weights:
            parameters: 1000000000
            active: 1000000000
            layers: 16
            attention_layers: 16
            kv_heads: 8
            head_dim: 64
            huggingface: someone/Tiny-1B
          source: https://example.com/tiny
          as_of: '2026-01-31'
      """;
  private static final String HOSTED =
      """
        - id: acme/big
          names: [big-2026-01-01]
          context: 100000
          max_output: 1000
          price: {input: 1, output: 2.5}
          quality: 0.5
          quality_source: a measure
          source: https://example.com/big
          as_of: '2026-01-31'
      """;

  private static Catalogue of(String entries) {
    return Catalogue.of("test.yaml", "models:\n" + entries);
  }

  @Test
  void thereAreEnough() {
    List<CatalogModel> open =
        SHIPPED.models().stream().filter(model -> model.weights() != null).toList();
    assertThat(SHIPPED.models()).hasSizeGreaterThanOrEqualTo(150);
    assertThat(open).hasSizeGreaterThanOrEqualTo(80);
    assertThat(SHIPPED.models().size() - open.size()).isGreaterThanOrEqualTo(70);
  }

  @Test
  void eachSaysWhereAndWhenItIsFrom() {
    assertThat(SHIPPED.models())
        .allSatisfy(model -> {
          assertThat(model.source()).startsWith("https://");
          assertThat(model.asOf()).isBetween(LocalDate.of(2025, 1, 1), LocalDate.of(2100, 1, 1));
          assertThat(model.facts().about().source()).isEqualTo(model.source());
        });
  }

  @Test
  void whatItSaysIsSane() {
    assertThat(SHIPPED.models())
        .allSatisfy(model -> {
          ModelFacts facts = model.facts();
          boolean embeds = facts.about().outputs().contains("embedding");
          assertThat(facts.can().contains(Capability.CHAT)).as(model.id()).isNotEqualTo(embeds);
          assertThat(facts.cannot().contains(Capability.CHAT)).as(model.id()).isEqualTo(embeds);
          assertThat(facts.context()).as(model.id()).isNotNull().isGreaterThan(500);
          Price price = facts.price();
          if (price != null) {
            assertThat(price.input())
                .as(model.id())
                .isBetween(BigDecimal.ZERO, BigDecimal.valueOf(50));
            assertThat(price.output())
                .as(model.id())
                .isBetween(BigDecimal.ZERO, BigDecimal.valueOf(300));
            assertThat(embeds || price.output().compareTo(price.input()) >= 0)
                .as(model.id())
                .isTrue();
          }
          if (facts.quality() != null) {
            assertThat(facts.about().qualitySource()).as(model.id()).startsWith("MMLU-Pro, ");
            assertThat(facts.quality()).as(model.id()).isBetween(0.1, 0.95);
          }
        });
  }

  @Test
  void weightsAreOfTheSizeThatTheNameSays() {
    assertThat(SHIPPED.models())
        .filteredOn(model -> model.weights() != null)
        .allSatisfy(model -> {
          OpenWeights weights = Objects.requireNonNull(model.weights());
          assertThat(weights.activeParameters())
              .as(model.id())
              .isLessThanOrEqualTo(weights.parameters());
          Matcher size =
              Pattern.compile("(?<![a-z0-9.x])(\\d+(?:\\.\\d+)?)(b|m)(?![a-z0-9])")
                  .matcher(model.id());
          if (size.find() && !model.id().startsWith("mixtral")) {
            double said =
                Double.parseDouble(size.group(1)) * (size.group(2).equals("b") ? 1e9 : 1e6);
            assertThat(weights.parameters() / said).as(model.id()).isBetween(0.8, 1.35);
          }
        });
  }

  @Test
  void namesAreOfOneModelEach() {
    Set<String> hosted = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (CatalogModel model : SHIPPED.models()) {
      String provider = model.id().contains("/") ? model.id().replaceFirst("/.*", "/") : "";
      Set<String> seen = model.weights() == null ? hosted : open;
      assertThat(seen.add(model.id())).as(model.id()).isTrue();
      for (String name : new HashSet<>(model.names())) {
        assertThat(seen.add(provider + name)).as("%s of %s", name, model.id()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "local,     llama3.1:8b,                                     llama-3.1-8b-instruct",
    "local,     llama3.1,                                        llama-3.1-8b-instruct",
    "local,     llama3.1:latest,                                 llama-3.1-8b-instruct",
    "local,     llama3.1:8b-instruct-q4_K_M,                     llama-3.1-8b-instruct",
    "local,     llama3.1:8b-instruct-fp16,                       llama-3.1-8b-instruct",
    "vllm,      meta-llama/Llama-3.1-8B-Instruct,                llama-3.1-8b-instruct",
    "vllm,      meta-llama/Meta-Llama-3.1-8B-Instruct,           llama-3.1-8b-instruct",
    "local,     Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf,          llama-3.1-8b-instruct",
    "local,     /models/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf,  llama-3.1-8b-instruct",
    "local,     bartowski/Meta-Llama-3.1-8B-Instruct-GGUF:Q5_K_M,llama-3.1-8b-instruct",
    "local,     hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q8_0, llama-3.2-3b-instruct",
    "openrouter,meta-llama/llama-3.1-8b-instruct,                llama-3.1-8b-instruct",
    "openrouter,meta-llama/llama-3.1-8b-instruct:free,           llama-3.1-8b-instruct",
    "groq,      llama-3.1-8b-instant,                            llama-3.1-8b-instruct",
    "fireworks, accounts/fireworks/models/llama-v3p1-8b-instruct,llama-3.1-8b-instruct",
    "together,  meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo,     llama-3.1-8b-instruct",
    "lmstudio,  llama-3.1-8b-instruct,                           llama-3.1-8b-instruct",
    "local,     Llama-3.3-70B-Instruct-IQ3_XXS-00001-of-00002.gguf,llama-3.3-70b-instruct",
    "local,     SmolLM2-135M-Instruct-Q8_0.gguf,                 smollm2-135m-instruct",
    "local,     gpt-oss-20b-mxfp4.gguf,                          gpt-oss-20b",
    "local,     gpt-oss:20b,                                     gpt-oss-20b",
    "vllm,      Qwen/Qwen2.5-7B-Instruct-AWQ,                    qwen2.5-7b-instruct",
    "vllm,      Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4,              qwen2.5-7b-instruct",
    "vllm,      Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8,         qwen3-coder-480b-a35b-instruct",
    "local,     Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL.gguf,     qwen3-30b-a3b-instruct-2507",
    "local,     mlx-community/Qwen3-8B-4bit,                     qwen3-8b",
    "local,     nomic-embed-text:latest,                         nomic-embed-text-v1.5",
  })
  void openWeightsAreKnownByAllTheirNames(String provider, String listed, String id) {
    CatalogModel model =
        SHIPPED.models().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    ModelFacts facts = SHIPPED.facts(provider, listed);
    assertThat(facts.context()).isEqualTo(model.facts().context());
    assertThat(facts.quality()).isEqualTo(model.facts().quality());
    assertThat(facts.can()).isEqualTo(model.facts().can());
    assertThat(facts.price()).as("a bare name has no price").isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf, Q4_K_M",
    "llama3.1:8b-instruct-q8_0, Q8_0",
    "Qwen/Qwen2.5-7B-Instruct-AWQ, AWQ",
    "Llama-3.3-70B-Instruct-IQ3_XXS-00001-of-00002.gguf, IQ3_XXS",
    "llama3.1:8b,"
  })
  void aNameSaysHowTheWeightsAreKept(String listed, String quantization) {
    assertThat(SHIPPED.facts("local", listed).about().quantization()).isEqualTo(quantization);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my-own-finetune",
        "llama3.1:70b-something",
        "llama",
        "",
        ":",
        "-",
        "a/b/c",
        "model.gguf",
        "Llama-3.1-8B-Instruct-abliterated-Q4_K_M.gguf"
      })
  void whatItDoesNotNameIsUnknown(String listed) {
    assertThat(SHIPPED.facts("local", listed)).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void aHugeNameIsUnknownAtOnce() {
    String huge = "-q4_k_m".repeat(100_000);
    assertThat(SHIPPED.facts("local", huge)).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void aHostedModelIsKnownAtItsProvider() {
    ModelFacts facts = SHIPPED.facts("openai", "gpt-4o");
    assertThat(facts.price()).isEqualTo(new Price(new BigDecimal("2.5"), new BigDecimal("10")));
    assertThat(facts.context()).isEqualTo(128_000);
    assertThat(facts.can())
        .contains(Capability.CHAT, Capability.TOOLS, Capability.IMAGES, Capability.JSON);
    assertThat(facts.about().deprecated()).isNotNull();
    assertThat(SHIPPED.facts("groq", "gpt-4o")).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void aSnapshotThatIsNamedIsTheModel() {
    assertThat(SHIPPED.facts("openai", "gpt-4o-2024-08-06"))
        .isEqualTo(SHIPPED.facts("openai", "gpt-4o"));
  }

  @ParameterizedTest
  @CsvSource({
    "openai,     gpt-4o-2024-05-13,              openai,    gpt-4o",
    "anthropic,  claude-opus-5-5-20261001,       anthropic, claude-opus-5-5",
    "anthropic,  claude-sonnet-4-5-latest,       anthropic, claude-sonnet-4-5",
    "gemini,     gemini-2.5-pro-preview-05-06,   gemini,    gemini-2.5-pro",
    "openrouter, openai/gpt-4o,                  openai,    gpt-4o",
    "openrouter, anthropic/claude-sonnet-4.5,    anthropic, claude-sonnet-4-5",
    "openrouter, google/gemini-2.5-pro:online,   gemini,    gemini-2.5-pro"
  })
  void ofASnapshotOnlyWhatItSharesIsKnown(
      String provider, String name, String baseProvider, String base) {
    ModelFacts facts = SHIPPED.facts(provider, name);
    ModelFacts known = SHIPPED.facts(baseProvider, base);
    assertThat(facts.context()).isNotNull().isEqualTo(known.context());
    assertThat(facts.can()).isNotEmpty().isEqualTo(known.can());
    assertThat(facts.quality()).isEqualTo(known.quality());
    assertThat(facts.price()).isNull();
    assertThat(facts.maxOutput()).isNull();
    assertThat(facts.about().deprecated()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"openai, gpt-4o-audio-preview", "openai, gpt-4-turbo-preview", "mistral, mistral-x"})
  void whatIsCalledAlikeIsNotTheSame(String provider, String name) {
    assertThat(SHIPPED.facts(provider, name)).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void aHostedModelIsAsGoodAsTheWeightsItServes() {
    ModelFacts facts = SHIPPED.facts("groq", "openai/gpt-oss-120b");
    assertThat(facts.quality()).isEqualTo(SHIPPED.facts("vllm", "openai/gpt-oss-120b").quality());
    assertThat(facts.price()).isNotNull();
  }

  @Test
  void listsTheModelsOfAProvider() {
    assertThat(SHIPPED.models("perplexity")).contains("sonar", "sonar-pro");
    assertThat(SHIPPED.models("nobody")).isEmpty();
    assertThat(of(OPEN + HOSTED).models("acme")).containsExactly("big");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "context: 100000|contxt: 100000|contxt",
        "context: 100000|context: many|many",
        "context: 100000|context: 0|context is no length",
        "context: 100000|context: 1000.5|Cannot coerce Floating-point",
        "max_output: 1000|max_output: 100001|max_output must be from 1 to context",
        "quality: 0.5|quality: 1.5|quality must be between 0 and 1",
        "quality_source: a measure|names: [x]|Duplicate field",
        "input: 1|input: -1|price.input must be from 0 to 1000",
        "input: 1|input: 1001|price.input must be from 0 to 1000",
        "input: 1|inptu: 1|inptu",
        "as_of: '2026-01-31'|as_of: '2026-02-31'|as_of must be a date",
        "source: https|source: http|source must be an https",
        "names: [big|names: [Big|'Big-2026-01-01' is not",
        "id: acme/big|id: acme|id must be <provider>/<model>",
      })
  void whatIsWrongIsSaid(String right, String wrong, String message) {
    String text = OPEN + HOSTED.replace(right, wrong);
    if (!message.startsWith("Duplicate")) {
      assertThatThrownBy(() -> of(text))
          .isInstanceOf(CatalogException.class)
          .hasMessageStartingWith("test.yaml, entry 2 ('acme")
          .hasMessageContaining(message);
    } else {
      assertThatThrownBy(() -> of(text))
          .isInstanceOf(CatalogException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void idsAndNamesAreGivenOnce() {
    assertThatThrownBy(() -> of(HOSTED + HOSTED))
        .hasMessage("test.yaml, entry 2 ('acme/big'): the id is given twice.");
    assertThatThrownBy(() -> of(HOSTED + HOSTED.replace("id: acme/big", "id: acme/other")))
        .hasMessageContaining("the name 'acme/big-2026-01-01' is 'acme/big' and 'acme/other'");
  }

  @Test
  void whatIsServedMustBeThere() {
    String serving = HOSTED.replace("context: 100000", "serves: tiny-1b\n    context: 100000");
    assertThat(of(OPEN + serving).facts("acme", "big").can()).containsExactly(Capability.CHAT);
    assertThatThrownBy(() -> of(serving))
        .hasMessage(
            "test.yaml, entry 1 ('acme/big'): serves 'tiny-1b', which is no entry with open"
                + " weights.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "models: 1", "a: [b]", "models: []\nmore: 1", "{", "models: [1]"})
  void whatIsNoCatalogueIsRefused(String text) {
    assertThatThrownBy(() -> Catalogue.of("test.yaml", text))
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith("test.yaml");
  }
}
