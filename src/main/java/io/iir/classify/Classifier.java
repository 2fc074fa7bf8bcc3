package io.iir.classify;

import io.iir.classify.BadModelException.Fault;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a chat request asks for: by its shape, else by a trained model of its text, or by
 * rules where there is none (docs/CLASSIFICATION.md). Thread-safe; does no I/O after construction,
 * looks at no more than {@value Excerpt#CAPACITY} characters of each text and allocates no more
 * than its answer, so it may run on an event loop.
 */
public final class Classifier {

  /** A prompt of more estimated tokens than this is long_context. */
  public static final int LONG_CONTEXT_TOKENS = 32_000;

  private static final Logger LOG = LoggerFactory.getLogger(Classifier.class);

  private final Lexicon lexicon;
  private final Workspaces workspaces;
  private volatile @Nullable Models models;
  private volatile @Nullable BadModelException problem;

  /**
   * A classifier with rules alone: the cues that ship with the product.
   *
   * @throws IllegalArgumentException if a line of them is bad; the message names file and line
   */
  public Classifier() {
    this(Lexicon.shipped(), null, Context.FITTED);
  }

  /**
   * A classifier with the models of {@code file}.
   *
   * @throws BadModelException if it is made for other categories or features
   */
  public Classifier(ModelFile file) {
    this(file, Context.FITTED);
  }

  Classifier(Lexicon lexicon) {
    this(lexicon, null, Context.FITTED);
  }

  /** A classifier that weighs the context by {@code weights}. */
  Classifier(ModelFile file, Context.Weights weights) {
    this(Lexicon.shipped(), Models.of(file), weights);
  }

  private Classifier(Lexicon lexicon, @Nullable Models models, Context.Weights weights) {
    this.lexicon = lexicon;
    this.models = models;
    workspaces = new Workspaces(() -> new Workspace(lexicon, weights));
  }

  /**
   * A classifier with the models of {@code file}, or, where that cannot be used, with rules alone.
   *
   * @param file null: the one that ships with the product
   * @param folder where a copy of it is kept, and mapped from
   */
  public static Classifier load(@Nullable Path file, Path folder) {
    try {
      return new Classifier(
          file == null ? ModelFile.shipped(folder) : ModelFile.copied(file, folder));
    } catch (BadModelException e) {
      Classifier rules = new Classifier();
      rules.fallBack(e);
      return rules;
    }
  }

  /** The trained classifier's version, or {@link Classification#RULES}. */
  public String version() {
    Models trained = models;
    return trained == null ? Classification.RULES : trained.version();
  }

  /** Why rules alone decide though a trained classifier is wanted; null: nothing is wrong. */
  public @Nullable BadModelException problem() {
    return problem;
  }

  /** Classifies one request that has a single text, which may be empty. */
  public Classification classify(String text, RequestShape shape) {
    return classify(Turns.of(text), shape);
  }

  /**
   * Classifies one request.
   *
   * @param turns what is asked, and what was said before
   * @param shape the rest of what is known of the request
   */
  public Classification classify(Turns turns, RequestShape shape) {
    return guarded(turns, shape, null);
  }

  /**
   * Classifies a request that this classifier was unsure of once more.
   *
   * @param more what a {@link SecondStage} has to say of the last text
   */
  public Classification reconsider(Turns turns, RequestShape shape, MoreScores more) {
    return guarded(turns, shape, more);
  }

  private Classification guarded(Turns turns, RequestShape shape, @Nullable MoreScores more) {
    Models trained = models;
    try {
      return classify(turns, shape, trained, more);
    } catch (InternalError e) { // how Java says that a mapped file is shorter than it was
      if (trained == null) {
        throw e;
      }
      fallBack(
          new BadModelException(
              Fault.LOST,
              "The classifier %s was cut short while it was in use.".formatted(trained.version()),
              e));
      return classify(turns, shape, null, null);
    }
  }

  private Classification classify(
      Turns turns, RequestShape shape, @Nullable Models trained, @Nullable MoreScores more) {
    Workspace work = workspaces.take();
    try {
      return classify(turns, shape, trained, more, work);
    } finally {
      workspaces.giveBack(work);
    }
  }

  private Classification classify(
      Turns turns,
      RequestShape shape,
      @Nullable Models trained,
      @Nullable MoreScores more,
      Workspace work) {
    String text = turns.last();
    Category category = byShape(shape);
    double confidence = 1;
    int stage = 0;
    if (category != null || trained == null) {
      work.features.readCues(text);
    } else {
      work.features.read(text);
    }
    Excerpt excerpt = work.features.excerpt();
    Evidence evidence = work.features.evidence();
    if (category == null) {
      double[] scores = evidence.scores;
      if (trained != null) {
        stage = 1;
        scores = work.scores;
        trained.categories().scores(work.features, scores);
        if (more != null) {
          more.addTo(scores, trained.categories().temperature());
          stage = 2;
        }
        work.context.add(trained.categories(), turns, excerpt, scores);
      }
      int best = best(scores);
      category = Category.OF_TEXT.get(best);
      confidence = confidence(scores, best);
    }
    String language = Languages.of(excerpt, lexicon, evidence.languages);
    ComplexityModel complexities = stage == 0 || trained == null ? null : trained.complexities();
    double complexity =
        complexities == null
            ? Complexity.of(category, text.length(), excerpt, evidence.counts, shape)
            : complexities.of(work.features, work.scores, text.length(), shape);
    return new Classification(
        category,
        complexity,
        confidence,
        language,
        stage,
        trained == null ? Classification.RULES : trained.version());
  }

  private void fallBack(BadModelException why) {
    boolean first = problem == null;
    problem = why;
    models = null;
    if (first) {
      LOG.warn("Rules alone tell what requests ask for. {}", why.getMessage());
    }
  }

  /** A file's models; {@code complexities} is null where the file has none. */
  private record Models(
      CategoryModel categories, @Nullable ComplexityModel complexities, String version) {

    static Models of(ModelFile file) {
      return new Models(CategoryModel.of(file), ComplexityModel.of(file), file.version());
    }
  }

  /** What one thread works with, text after text. */
  static final class Workspace {

    private final Features features;
    private final Context context;
    private final double[] scores = new double[Category.OF_TEXT.size()];

    Workspace(Lexicon lexicon, Context.Weights weights) {
      features = new Features(lexicon);
      context = new Context(lexicon, weights);
    }
  }

  private static @Nullable Category byShape(RequestShape shape) {
    if (shape.hasImages()) {
      return Category.VISION;
    }
    if (shape.hasTools()) {
      return Category.FUNCTION_CALLING;
    }
    return shape.promptTokens() > LONG_CONTEXT_TOKENS ? Category.LONG_CONTEXT : null;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The best category's share of the scores' exponentials, rounded to three places. */
  private static double confidence(double[] scores, int best) {
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - scores[best]);
    }
    return Math.round(1_000 / sum) / 1_000.0;
  }
}
