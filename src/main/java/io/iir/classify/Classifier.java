package io.iir.classify;

import org.jspecify.annotations.Nullable;

/**
 * Tells what a chat request asks for: by its shape, else by a trained model of its text, or by
 * rules where there is none (docs/CLASSIFICATION.md). Thread-safe; does no I/O after construction,
 * looks at no more than {@value Excerpt#CAPACITY} characters and allocates no more than its answer,
 * so it may run on an event loop.
 */
public final class Classifier {

  /** A prompt of more estimated tokens than this is long_context. */
  public static final int LONG_CONTEXT_TOKENS = 32_000;

  private final Lexicon lexicon;
  private final @Nullable CategoryModel model;
  private final String version;
  private final ThreadLocal<Workspace> workspaces;

  /**
   * A classifier with rules alone: the cues that ship with the product.
   *
   * @throws IllegalArgumentException if a line of them is bad; the message names file and line
   */
  public Classifier() {
    this(Lexicon.shipped(), null, Classification.RULES);
  }

  /**
   * A classifier with the models of {@code file}.
   *
   * @throws IllegalArgumentException if it is made for other categories or features
   */
  public Classifier(ModelFile file) {
    this(Lexicon.shipped(), CategoryModel.of(file), file.version());
  }

  Classifier(Lexicon lexicon) {
    this(lexicon, null, Classification.RULES);
  }

  private Classifier(Lexicon lexicon, @Nullable CategoryModel model, String version) {
    this.lexicon = lexicon;
    this.model = model;
    this.version = version;
    workspaces = ThreadLocal.withInitial(() -> new Workspace(lexicon));
  }

  /** The trained classifier's version, or {@link Classification#RULES}. */
  public String version() {
    return version;
  }

  /**
   * Classifies one request.
   *
   * @param text what is asked: the text parts of the last user message; may be empty
   * @param shape the rest of what is known of the request
   */
  public Classification classify(String text, RequestShape shape) {
    return classify(text, shape, null);
  }

  /**
   * Classifies a request that this classifier was unsure of once more.
   *
   * @param more what a {@link SecondStage} has to say of the text
   */
  public Classification reconsider(String text, RequestShape shape, MoreScores more) {
    return classify(text, shape, more);
  }

  private Classification classify(String text, RequestShape shape, @Nullable MoreScores more) {
    Workspace work = workspaces.get();
    Category category = byShape(shape);
    double confidence = 1;
    int stage = 0;
    if (category != null || model == null) {
      work.features.readCues(text);
    } else {
      work.features.read(text);
    }
    Excerpt excerpt = work.features.excerpt();
    Evidence evidence = work.features.evidence();
    if (category == null) {
      double[] scores = evidence.scores;
      if (model != null) {
        scores = work.scores;
        model.scores(work.features, scores);
        stage = 1;
        if (more != null) {
          more.addTo(scores, model.temperature());
          stage = 2;
        }
      }
      int best = best(scores);
      category = Category.OF_TEXT.get(best);
      confidence = confidence(scores, best);
    }
    String language = Languages.of(excerpt, lexicon, evidence.languages);
    double complexity = Complexity.of(category, text.length(), excerpt, evidence.counts, shape);
    return new Classification(category, complexity, confidence, language, stage, version);
  }

  /** What one thread works with, text after text. */
  private static final class Workspace {

    private final Features features;
    private final double[] scores = new double[Category.OF_TEXT.size()];

    Workspace(Lexicon lexicon) {
      features = new Features(lexicon);
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
