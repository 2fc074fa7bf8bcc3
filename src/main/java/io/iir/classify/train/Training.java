package io.iir.classify.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Category;
import io.iir.classify.FeatureKind;
import io.iir.classify.ModelFile;
import io.iir.classify.train.ComplexityTraining.Learned;
import io.iir.classify.train.SoftmaxRegression.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier and measures it on prompts held back: once on random fifths, once on whole
 * sources left out, which says what to expect of prompts from elsewhere.
 */
public final class Training {

  private static final int FOLDS = 5;
  private static final int SOURCE_FOLDS = 8;

  private final byte[] file;
  private final String report;

  private Training(byte[] file, String report) {
    this.file = file;
    this.report = report;
  }

  /** The classifier as a file. */
  public byte[] file() {
    return file;
  }

  /** How good it is, in Markdown. */
  public String report() {
    return report;
  }

  /**
   * Trains on all prompts of {@code paths}. The same files and seed give the same bytes.
   *
   * @param paths files of prompts, or folders of such
   * @throws IllegalArgumentException if there are none, or none of a category, or a line is wrong
   */
  public static Training on(List<Path> paths, long seed) {
    return on(paths, List.of(), seed);
  }

  /**
   * The same with a complexity model, trained on {@code outcomes}: files of questions and how well
   * models answered them. Where there are none, complexity is told by the formula.
   */
  public static Training on(List<Path> paths, List<Path> outcomes, long seed) {
    List<Prompt> prompts = paths.stream().map(PromptFile::read).flatMap(List::stream).toList();
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("There are no prompts in " + paths + ".");
    }
    refuseGaps(prompts);
    List<Sample> samples = Sample.of(prompts);
    Settings settings = Settings.CHOSEN.withSeed(seed);
    List<Held> bySource =
        CrossValidation.run(
            samples, SOURCE_FOLDS, CrossValidation.bySource(samples, SOURCE_FOLDS), settings);
    List<Held> byPrompt =
        CrossValidation.run(samples, FOLDS, CrossValidation.byPrompt(FOLDS), settings);
    double temperature = Temperature.fit(byPrompt);
    SoftmaxRegression model = SoftmaxRegression.train(samples, settings);
    List<Held> rules = samples.stream().map(Training::byRules).toList();
    Report report =
        new Report(temperature)
            .add(
                "A fifth held back",
                "Trained on the other four fifths of all sources.",
                byPrompt,
                rules)
            .add(
                "Sources left out",
                "Trained without the prompt's source, and without some others.",
                bySource,
                rules);
    Evaluation held = Evaluation.of(byPrompt, temperature);
    if (outcomes.isEmpty()) {
      return new Training(
          file(model, temperature, samples, held, settings, null), report.toString());
    }
    Function<Learned, byte[]> file =
        learned -> file(model, temperature, samples, held, settings, learned);
    ComplexityTraining complexity =
        new ComplexityTraining(
            outcomes.stream().map(OutcomeFile::read).flatMap(List::stream).toList(), seed);
    return new Training(
        file.apply(complexity.learn()),
        report
            + "\n"
            + ComplexityReport.of(complexity.byQuestion(file), complexity.bySubject(file)).strip()
            + "\n");
  }

  private static void refuseGaps(List<Prompt> prompts) {
    Set<Integer> labels = prompts.stream().map(Prompt::category).collect(Collectors.toSet());
    String missing =
        IntStream.range(0, SoftmaxRegression.CATEGORIES)
            .filter(label -> !labels.contains(label))
            .mapToObj(label -> Category.OF_TEXT.get(label).wireName())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "There are no prompts of %s: a classifier needs some of each category."
              .formatted(missing));
    }
  }

  /** What rules alone say: the first of the dense numbers are their scores' shares. */
  static Held byRules(Sample sample) {
    double[] scores = new double[SoftmaxRegression.CATEGORIES];
    for (int c = 0; c < scores.length; c++) {
      scores[c] = sample.dense()[c];
    }
    return new Held(sample.prompt(), scores);
  }

  private static byte[] file(
      SoftmaxRegression model,
      double temperature,
      List<Sample> samples,
      Evaluation held,
      Settings settings,
      @Nullable Learned complexity) {
    Quantized table = Quantized.of(model.table());
    ObjectNode header = new ObjectMapper().createObjectNode();
    ArrayNode categories = header.putArray("categories");
    Category.OF_TEXT.forEach(category -> categories.add(category.wireName()));
    header.put("features", FeatureKind.current());
    header.put("step", table.step()).put("temperature", temperature).put("seed", settings.seed());
    header.set("prompts", sources(samples));
    ObjectNode test = header.putObject("held_back");
    test.put("prompts", held.count());
    test.put("accuracy", rounded(held.accuracy()));
    test.put("macro_f1", rounded(held.macroF1()));
    test.put("calibration_error", rounded(held.calibrationError()));
    ArrayNode confusion = test.putArray("confusion");
    for (int[] row : held.confusion()) {
      ArrayNode told = confusion.addArray();
      for (int count : row) {
        told.add(count);
      }
    }
    Map<String, byte[]> sections = new LinkedHashMap<>();
    sections.put("category.table", table.bytes());
    sections.put("category.dense", Quantized.floats(model.dense()));
    if (complexity != null) {
      complexity.putInto(header, sections);
    }
    return ModelFile.bytes(header, sections);
  }

  private static ObjectNode sources(List<Sample> samples) {
    Map<String, Integer> counts = new TreeMap<>();
    samples.forEach(sample -> counts.merge(sample.prompt().source(), 1, Integer::sum));
    ObjectNode sources = new ObjectMapper().createObjectNode();
    counts.forEach(sources::put);
    return sources;
  }

  private static double rounded(double share) {
    return Math.round(share * 1_000) / 1_000.0;
  }
}
