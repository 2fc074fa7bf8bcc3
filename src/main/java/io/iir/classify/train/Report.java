package io.iir.classify.train;

import io.iir.classify.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a training run says of its model, in Markdown. */
final class Report {

  private static final String HEAD =
      """
      | | prompts | accuracy | macro-F1 | sure (≥ 0.8) | right where sure | calibration error |
      |---|---|---|---|---|---|---|
      """;

  private final StringBuilder text = new StringBuilder();
  private final double temperature;

  Report(double temperature) {
    this.temperature = temperature;
    text.append(
        """
        # How good the classifier is

        What its training found ([CLASSIFICATION](CLASSIFICATION.md#train-it)), at a temperature of %.3f.

        """
            .formatted(temperature));
  }

  /** A table of subsets and sources, and the confusion of all. */
  Report add(String title, String how, List<Held> held, List<Held> rules) {
    text.append("## ").append(title).append("\n").append(how).append("\n\n").append(HEAD);
    row("**all**", held, prompt -> true);
    baseline("rules alone", rules);
    baseline("the most frequent category", mostFrequent(rules));
    row("English", held, prompt -> prompt.language().equals("en"));
    row("other languages", held, prompt -> !prompt.language().equals("en"));
    row("lookalikes", held, Prompt::lookalike);
    for (String source :
        held.stream().map(one -> one.prompt().source()).distinct().sorted().toList()) {
      row(source, held, prompt -> prompt.source().equals(source));
    }
    text.append('\n');
    confusion(Evaluation.of(held, temperature));
    return this;
  }

  /** The same prompts, all told as what most of them are. */
  private static List<Held> mostFrequent(List<Held> held) {
    int[] counts = new int[SoftmaxRegression.CATEGORIES];
    held.forEach(one -> counts[one.prompt().category()]++);
    double[] scores = new double[counts.length];
    int most = Arrays.stream(counts).max().orElse(0);
    for (int c = 0; c < counts.length; c++) {
      scores[c] = counts[c] == most ? 1 : 0;
    }
    return held.stream().map(one -> new Held(one.prompt(), scores)).toList();
  }

  @Override
  public String toString() {
    return text.toString().stripTrailing() + "\n";
  }

  /** What is no probability is not said to be sure. */
  private void baseline(String name, List<Held> held) {
    Evaluation all = Evaluation.of(held, temperature);
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %.3f | %.3f | – | – | – |%n",
            name,
            all.count(),
            all.accuracy(),
            all.macroF1()));
  }

  private void row(String name, List<Held> held, Predicate<Prompt> subset) {
    List<Held> rows = held.stream().filter(one -> subset.test(one.prompt())).toList();
    Evaluation all = Evaluation.of(rows, temperature);
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %.3f | %.3f | %.2f | %.3f | %.3f |%n",
            name,
            all.count(),
            all.accuracy(),
            all.macroF1(),
            all.sureShare(),
            all.sureAccuracy(),
            all.calibrationError()));
  }

  private void confusion(Evaluation all) {
    List<String> names = Category.OF_TEXT.stream().map(Category::wireName).toList();
    text.append("| label \\ told | ").append(String.join(" | ", names)).append(" |\n|---|");
    text.append("---|".repeat(names.size())).append('\n');
    for (int label = 0; label < names.size(); label++) {
      text.append("| ").append(names.get(label)).append(" | ");
      int[] row = all.confusion()[label];
      text.append(Arrays.stream(row).mapToObj(String::valueOf).collect(Collectors.joining(" | ")));
      text.append(" |\n");
    }
    text.append("\n| confidence | answers | mean confidence | right |\n|---|---|---|---|\n");
    for (int bin = 0; bin < all.bins().length; bin++) {
      Evaluation.Bin at = all.bins()[bin];
      if (at.count() > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %.1f–%.1f | %d | %.3f | %.3f |%n",
                bin / 10.0,
                (bin + 1) / 10.0,
                at.count(),
                at.confidence(),
                (double) at.right() / at.count()));
      }
    }
    text.append('\n');
  }
}
