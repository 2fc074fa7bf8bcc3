package io.iir.classify.train;

import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.RequestShape;
import io.iir.classify.train.ComplexityTraining.Told;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How well complexity tells which requests need a strong model, in Markdown. */
final class ComplexityReport {

  private static final int BINS = 5;
  private static final Classifier RULES = new Classifier();

  private ComplexityReport() {}

  /**
   * APGR by set, and the share of questions that need a strong model by complexity.
   *
   * @param byQuestion told with fifths held back
   * @param bySubject told with whole subjects held back
   */
  static String of(List<Told> byQuestion, List<Told> bySubject) {
    StringBuilder text = new StringBuilder("## Complexity\n");
    text.append("APGR on held-out questions. *subjects left out*: trained without ")
        .append("the question's subject.\n\n")
        .append(
            "| | questions | gap | random | length | category | formula | model | subjects left out"
                + " |\n")
        .append("|---|---|---|---|---|---|---|---|---|\n");
    for (String set : sets(byQuestion)) {
      List<Told> rows = only(byQuestion, set);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.3f | 0.500 | %.3f | %.3f | %.3f | %.3f | %.3f |%n",
              set,
              rows.size(),
              rows.stream().mapToDouble(told -> told.outcome().gain()).average().orElse(0),
              apgr(rows, told -> told.outcome().text().length()),
              apgr(rows, told -> rules(told).category().effort()),
              apgr(rows, told -> rules(told).complexity()),
              apgr(rows, Told::complexity),
              apgr(only(bySubject, set), Told::complexity)));
    }
    text.append("\nOf questions of one model each, weak wrong and strong right:\n\n")
        .append("| set | complexity | questions | need a strong model |\n|---|---|---|---|\n");
    for (String set : sets(byQuestion)) {
      bins(text, set, only(byQuestion, set));
    }
    return text.append('\n').toString();
  }

  private static Classification rules(Told told) {
    return RULES.classify(told.outcome().text(), RequestShape.PLAIN);
  }

  private static void bins(StringBuilder text, String set, List<Told> all) {
    List<Told> rows =
        all.stream()
            .filter(told -> told.outcome().pair())
            .sorted((a, b) -> Double.compare(a.complexity(), b.complexity()))
            .toList();
    for (int bin = 0; bin < BINS && !rows.isEmpty(); bin++) {
      List<Told> part = rows.subList(rows.size() * bin / BINS, rows.size() * (bin + 1) / BINS);
      long need =
          part.stream()
              .filter(told -> told.outcome().weak() < 0.5 && told.outcome().strong() >= 0.5)
              .count();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3f–%.3f | %d | %.3f |%n",
              set,
              part.getFirst().complexity(),
              part.getLast().complexity(),
              part.size(),
              (double) need / part.size()));
    }
  }

  /** Sets by name, one of several models' means apart from one of two models. */
  private static List<String> sets(List<Told> all) {
    return all.stream().map(ComplexityReport::name).distinct().sorted().toList();
  }

  private static String name(Told told) {
    return told.outcome().set() + (told.outcome().pair() ? "" : ", several models");
  }

  private static List<Told> only(List<Told> all, String set) {
    return all.stream().filter(told -> name(told).equals(set)).toList();
  }

  private static double apgr(List<Told> rows, ToDoubleFunction<Told> score) {
    return Apgr.of(
        rows.stream().mapToDouble(score).toArray(),
        rows.stream().mapToDouble(told -> told.outcome().gain()).toArray());
  }
}
