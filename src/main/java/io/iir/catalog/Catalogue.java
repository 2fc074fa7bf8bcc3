package io.iir.catalog;

import io.iir.provider.About;
import io.iir.provider.KnownModels;
import io.iir.provider.ModelFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The models that the product knows of beforehand. A hosted model is known at its provider, by its
 * names there; of its dated snapshots is known what it shares with them, and not the price. A model
 * with open weights is known at any provider, by its names anywhere and however its weights are
 * kept; what it costs is its provider's matter. Immutable.
 */
public final class Catalogue implements KnownModels {

  private static final String FILE = "catalog/models.yaml";

  /** Who makes the hosted models that OpenRouter lists as {@code <maker>/<model>}. */
  private static final Map<String, String> MAKERS =
      Map.of(
          "openai", "openai",
          "anthropic", "anthropic",
          "google", "gemini",
          "mistralai", "mistral",
          "x-ai", "xai",
          "deepseek", "deepseek",
          "cohere", "cohere",
          "perplexity", "perplexity");

  private final List<CatalogModel> models;
  private final Map<String, CatalogModel> hosted = new HashMap<>();
  private final Map<String, CatalogModel> open = new HashMap<>();
  private final Map<String, List<String>> byProvider = new HashMap<>();

  private Catalogue(List<CatalogModel> models) {
    this.models = models;
    for (CatalogModel model : models) {
      if (model.weights() == null) {
        addHosted(model);
      } else {
        addOpen(model, model.weights());
      }
    }
  }

  /**
   * The catalogue that comes with the product.
   *
   * @throws CatalogException if it is broken
   */
  public static Catalogue shipped() {
    return Shipped.CATALOGUE;
  }

  /** Read when it is first asked for, and once: it does not change. */
  private static final class Shipped {

    static final Catalogue CATALOGUE = read();

    private static Catalogue read() {
      try (InputStream in = Catalogue.class.getClassLoader().getResourceAsStream(FILE)) {
        String text =
            new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8);
        return of(FILE, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The catalogue that {@code text} holds.
   *
   * @param file its name, for messages
   * @throws CatalogException naming the entry that is wrong
   */
  public static Catalogue of(String file, String text) {
    return new Catalogue(CatalogReader.read(file, text));
  }

  /** All models, in the order of the file. */
  public List<CatalogModel> models() {
    return models;
  }

  @Override
  public List<String> models(String provider) {
    return byProvider.getOrDefault(provider, List.of());
  }

  @Override
  public ModelFacts facts(String provider, String upstream) {
    String name = upstream.toLowerCase(Locale.ROOT);
    CatalogModel exact = hosted.get(provider + "/" + name);
    if (exact != null) {
      return exact.facts();
    }
    String base = Names.base(provider, name);
    CatalogModel snapshotOf = base == null ? null : hosted.get(provider + "/" + base);
    if (snapshotOf != null) {
      return shared(snapshotOf);
    }
    Names.Plain plain = Names.open(upstream);
    CatalogModel weights = open.get(plain.name());
    if (weights != null) {
      return kept(weights.facts().ofVariant(), plain.quantization());
    }
    CatalogModel elsewhere = provider.equals("openrouter") ? ofMaker(name) : null;
    return elsewhere == null ? ModelFacts.UNKNOWN : shared(elsewhere);
  }

  /** The hosted model that OpenRouter passes on as {@code <maker>/<model>[:<variant>]}, or null. */
  private @Nullable CatalogModel ofMaker(String name) {
    int slash = name.indexOf('/');
    int colon = name.indexOf(':');
    String maker = slash < 0 ? null : MAKERS.get(name.substring(0, slash));
    return maker == null
        ? null
        : hosted.get(maker + name.substring(slash, colon < slash ? name.length() : colon));
  }

  /** What holds for the snapshots of a model, too. When the model itself ends does not. */
  private static ModelFacts shared(CatalogModel model) {
    ModelFacts facts = model.facts().ofVariant();
    About about = facts.about();
    return new ModelFacts(
        facts.context(),
        null,
        null,
        facts.quality(),
        facts.can(),
        facts.cannot(),
        new About(
            about.qualitySource(), about.inputs(), about.outputs(), null, null, about.source()));
  }

  private static ModelFacts kept(ModelFacts facts, @Nullable String quantization) {
    About about = facts.about();
    return new ModelFacts(
        facts.context(),
        facts.maxOutput(),
        facts.price(),
        facts.quality(),
        facts.can(),
        facts.cannot(),
        new About(
            about.qualitySource(),
            about.inputs(),
            about.outputs(),
            about.deprecated(),
            quantization,
            about.source()));
  }

  private void addHosted(CatalogModel model) {
    int slash = model.id().indexOf('/');
    String provider = model.id().substring(0, slash);
    String name = model.id().substring(slash + 1);
    byProvider.computeIfAbsent(provider, any -> new ArrayList<>()).add(name);
    put(hosted, model.id().toLowerCase(Locale.ROOT), model);
    model.names().forEach(other -> put(hosted, provider + "/" + other, model));
  }

  private void addOpen(CatalogModel model, OpenWeights weights) {
    List<String> names = new ArrayList<>(model.names());
    names.add(weights.huggingFace());
    if (weights.gguf() != null) {
      names.add(weights.gguf());
    }
    if (weights.ollama() != null) {
      names.add(weights.ollama());
    }
    put(open, model.id(), model);
    for (String name : names) {
      put(open, Names.open(name).name(), model);
    }
  }

  private static void put(Map<String, CatalogModel> all, String name, CatalogModel model) {
    CatalogModel other = all.putIfAbsent(name, model);
    if (other != null && !other.equals(model)) {
      throw new CatalogException(
          "%s: the name '%s' is '%s' and '%s'.".formatted(FILE, name, other.id(), model.id()));
    }
  }
}
