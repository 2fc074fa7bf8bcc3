package io.iir.classify.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Category;
import io.iir.classify.Classifier;
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
    HeldBack held =
        HeldBack.of(samples, (folds, fold) -> CrossValidation.run(samples, folds, fold, settings));
    SoftmaxRegression model = SoftmaxRegression.train(samples, settings);
    Report report = held.report("How good the classifier is", "The first stage alone.", seed);
    if (outcomes.isEmpty()) {
      return of(file(model, samples, held, settings, null), report);
    }
    Function<Learned, byte[]> file = learned -> file(model, samples, held, settings, learned);
    ComplexityTraining complexity =
        new ComplexityTraining(
            outcomes.stream().map(OutcomeFile::read).flatMap(List::stream).toList(), seed);
    byte[] whole = file.apply(complexity.learn());
    return of(
        whole,
        report.add(ComplexityReport.of(complexity.byQuestion(file), complexity.bySubject(file))));
  }

  private static Training of(byte[] file, Report report) {
    Classifier classifier = new Classifier(ModelFile.of(file));
    return new Training(file, report.add(Lookalikes.report(classifier)).toString());
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

  private static byte[] file(
      SoftmaxRegression model,
      List<Sample> samples,
      HeldBack heldBack,
      Settings settings,
      @Nullable Learned complexity) {
    Quantized table = Quantized.of(model.table());
    ObjectNode header = new ObjectMapper().createObjectNode();
    ArrayNode categories = header.putArray("categories");
    Category.OF_TEXT.forEach(category -> categories.add(category.wireName()));
    header.put("features", FeatureKind.current());
    header.put("step", table.step()).put("temperature", heldBack.temperature());
    header.put("seed", settings.seed());
    header.set("prompts", sources(samples));
    Evaluation held = heldBack.evaluation();
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
