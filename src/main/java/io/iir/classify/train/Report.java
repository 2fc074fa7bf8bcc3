package io.iir.classify.train;

import io.iir.classify.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a training run says of its model, in Markdown. */
final class Report {

  private static final String HEAD =
      """
      | | prompts | accuracy | macro-F1 | sure (≥ 0.8) | right where sure | calibration error |
      |---|---|---|---|---|---|---|
      """;

  private static final double[] WANTED = {0.98, 0.96, 0.94, 0.92, 0.9};

  private final StringBuilder text = new StringBuilder();

  /** {@code temperature}: that of the model that is kept. */
  Report(String title, double temperature) {
    text.append(
        """
        # %s

        What its training found ([CLASSIFICATION](CLASSIFICATION.md#train-it)). Confidence is made at a temperature of %.3f, that which fits the answers of the last of the tables here, which is the furthest from what the model has seen.

        """
            .formatted(title, temperature));
  }

  /**
   * A table of subsets and sources, and the confusion of all.
   *
   * @param held what models said that have not seen the prompts, at the temperature that counts
   * @param baselines what may be told without a model, by name
   */
  Report add(
      String title, String how, List<Held> held, SequencedMap<String, List<Held>> baselines) {
    text.append("## ").append(title).append("\n").append(how).append("\n\n").append(HEAD);
    row("**all**", held, prompt -> true);
    baselines.forEach(this::baseline);
    row("English", held, prompt -> prompt.language().equals("en"));
    row("other languages", held, prompt -> !prompt.language().equals("en"));
    row("lookalikes", held, Prompt::lookalike);
    for (String source :
        held.stream().map(one -> one.prompt().source()).distinct().sorted().toList()) {
      row(source, held, prompt -> prompt.source().equals(source));
    }
    text.append('\n');
    confusion(Evaluation.of(held));
    sure(held);
    return this;
  }

  /** A part that is ready. */
  Report add(String part) {
    text.append(part.strip()).append("\n\n");
    return this;
  }

  @Override
  public String toString() {
    return text.toString().stripTrailing() + "\n";
  }

  /** What is no probability is not said to be sure. */
  private void baseline(String name, List<Held> held) {
    Evaluation all = Evaluation.of(held);
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
    Evaluation all = Evaluation.of(rows);
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

  /** How many answers may be trusted, by how much trust is wanted. */
  private void sure(List<Held> held) {
    text.append("| right at least | where confidence is | of all prompts |\n|---|---|---|\n");
    for (double wanted : WANTED) {
      Evaluation.Sure sure = Evaluation.sure(held, wanted);
      String from = sure.share() > 0 ? String.format(Locale.ROOT, "≥ %.3f", sure.from()) : "–";
      text.append(String.format(Locale.ROOT, "| %.2f | %s | %.2f |%n", wanted, from, sure.share()));
    }
    text.append('\n');
  }
}
