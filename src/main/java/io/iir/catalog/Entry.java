package io.iir.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.iir.config.Capability;
import io.iir.provider.About;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code catalog/models.yaml}, as it is written there; the head of that file says what
 * each field means. {@link #model()} holds it to its rules.
 */
record Entry(
    @Nullable String id,
    @Nullable List<String> names,
    @Nullable Integer context,
    @Nullable @JsonProperty("max_output") Integer maxOutput,
    @Nullable Cost price,
    @Nullable Double quality,
    @Nullable @JsonProperty("quality_source") String qualitySource,
    @Nullable List<String> can,
    @Nullable List<String> cannot,
    @Nullable List<String> inputs,
    @Nullable List<String> outputs,
    @Nullable String deprecated,
    @Nullable String serves,
    @Nullable Weights weights,
    @Nullable String source,
    @Nullable @JsonProperty("as_of") String asOf) {

  private static final Pattern OPEN_ID = Pattern.compile("[a-z0-9][a-z0-9.-]*");
  private static final Pattern HOSTED_ID = Pattern.compile("[a-z0-9][a-z0-9-]*/\\S+");
  private static final Set<String> MODALITIES =
      Set.of("text", "image", "audio", "video", "file", "embedding");
  private static final int LONGEST_CONTEXT = 20_000_000;
  private static final BigDecimal DEAREST = BigDecimal.valueOf(1000);

  /**
   * What it costs.
   *
   * @param input USD a million tokens of the prompt
   * @param output USD a million tokens of the answer
   */
  record Cost(@Nullable BigDecimal input, @Nullable BigDecimal output) {}

  /** {@link OpenWeights}, as written. */
  record Weights(
      long parameters,
      long active,
      int layers,
      @JsonProperty("attention_layers") int attentionLayers,
      @JsonProperty("kv_heads") int kvHeads,
      @JsonProperty("head_dim") int headDim,
      @Nullable @JsonProperty("sliding_window") Integer slidingWindow,
      @Nullable String huggingface,
      @Nullable String gguf,
      @Nullable String ollama) {}

  /**
   * The model that it describes.
   *
   * @throws IllegalArgumentException saying which field is wrong, and how
   */
  CatalogModel model() {
    boolean open = weights != null;
    String name = id == null ? "" : id;
    check(
        (open ? OPEN_ID : HOSTED_ID).matcher(name).matches(),
        "id must be %s".formatted(open ? "small letters, digits, '.', '-'" : "<provider>/<model>"));
    for (String other : list(names)) {
      check(
          !other.isBlank() && other.equals(other.toLowerCase(Locale.ROOT)),
          "names must be in small letters, and '%s' is not".formatted(other));
    }
    check(source != null && source.startsWith("https://"), "source must be an https:// address");
    check(!open || (price == null && serves == null), "open weights have no price and serve none");
    return new CatalogModel(
        name,
        list(names),
        facts(),
        openWeights(),
        source == null ? "" : source,
        day("as_of", asOf));
  }

  private ModelFacts facts() {
    check(context == null || (context > 0 && context <= LONGEST_CONTEXT), "context is no length");
    check(
        maxOutput == null || (maxOutput > 0 && (context == null || maxOutput <= context)),
        "max_output must be from 1 to context");
    check(quality == null || (quality > 0 && quality < 1), "quality must be between 0 and 1");
    check(
        (quality == null) == (qualitySource == null),
        "quality and quality_source come together or not at all");
    Set<Capability> can = capabilities(this.can);
    Set<Capability> cannot = capabilities(this.cannot);
    if (list(outputs).contains("embedding")) {
      can.add(Capability.EMBEDDINGS);
    }
    for (Capability each : can) {
      check(!cannot.contains(each), "%s is in can and in cannot".formatted(each.word()));
    }
    return new ModelFacts(context, maxOutput, cost(), quality, can, cannot, about());
  }

  private About about() {
    Set<String> in = modalities(inputs);
    Set<String> out = modalities(outputs);
    LocalDate end = deprecated == null ? null : day("deprecated", deprecated);
    return new About(qualitySource, in, out, end, null, source);
  }

  private @Nullable Price cost() {
    if (price == null) {
      return null;
    }
    return new Price(amount("price.input", price.input()), amount("price.output", price.output()));
  }

  private static BigDecimal amount(String field, @Nullable BigDecimal usd) {
    if (usd == null || usd.signum() < 0 || usd.compareTo(DEAREST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %s USD a million tokens".formatted(field, DEAREST));
    }
    return usd;
  }

  private @Nullable OpenWeights openWeights() {
    if (weights == null) {
      return null;
    }
    String repository = weights.huggingface();
    check(weights.parameters() > 0, "weights.parameters is missing");
    check(
        weights.active() > 0 && weights.active() <= weights.parameters(),
        "weights.active must be from 1 to weights.parameters");
    check(
        weights.layers() > 0
            && weights.attentionLayers() >= 0
            && weights.attentionLayers() <= weights.layers(),
        "weights.attention_layers must be from 0 to weights.layers");
    check(
        weights.kvHeads() > 0 && weights.headDim() > 0, "weights.kv_heads or head_dim is missing");
    check(
        weights.slidingWindow() == null || weights.slidingWindow() > 0,
        "weights.sliding_window is no length");
    if (repository == null || !repository.matches("[^/\\s]+/[^/\\s]+")) {
      throw new IllegalArgumentException("weights.huggingface must be <owner>/<repository>");
    }
    return new OpenWeights(
        weights.parameters(),
        weights.active(),
        weights.layers(),
        weights.attentionLayers(),
        weights.kvHeads(),
        weights.headDim(),
        weights.slidingWindow(),
        repository,
        weights.gguf(),
        weights.ollama());
  }

  private static Set<Capability> capabilities(@Nullable List<String> words) {
    EnumSet<Capability> all = EnumSet.noneOf(Capability.class);
    for (String word : list(words)) {
      Capability one = null;
      for (Capability each : Capability.values()) {
        one = each.word().equals(word) ? each : one;
      }
      if (one == null) {
        throw new IllegalArgumentException("'%s' is no capability".formatted(word));
      }
      all.add(one);
    }
    return all;
  }

  private static Set<String> modalities(@Nullable List<String> words) {
    for (String word : list(words)) {
      check(MODALITIES.contains(word), "'%s' is no modality".formatted(word));
    }
    return new TreeSet<>(list(words));
  }

  private static LocalDate day(String field, @Nullable String text) {
    try {
      return LocalDate.parse(text == null ? "" : text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("%s must be a date: 2026-01-31".formatted(field), e);
    }
  }

  private static <T> List<T> list(@Nullable List<T> some) {
    return some == null ? List.of() : some;
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
