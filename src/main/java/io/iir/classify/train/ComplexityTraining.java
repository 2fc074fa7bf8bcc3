package io.iir.classify.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.RequestShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Trains the complexity model on outcomes, and measures it on outcomes held back. */
final class ComplexityTraining {

  private static final int FOLDS = 5;

  /**
   * The sets of which questions without answers to choose from are learned: whether several models'
   * scores on other tasks help was tried, and they do not.
   */
  private static final Set<String> OPEN_SETS = Set.of("gsm8k");

  /**
   * A third of what n-grams say of one set's questions, per standard deviation of their lengths.
   */
  private static final double CHOICE_LENGTH = 0.01;

  private static final double OPEN_LENGTH = 0.06;

  private final List<GainSample> samples;
  private final long seed;

  ComplexityTraining(List<Outcome> outcomes, long seed) {
    this.samples = GainSample.of(outcomes);
    this.seed = seed;
  }

  /** Learns from all outcomes. */
  Learned learn() {
    return learn(samples);
  }

  /**
   * What complexity says of outcomes that it was not trained on.
   *
   * @param file the bytes of a classifier with what was learned
   */
  List<Told> byQuestion(Function<Learned, byte[]> file) {
    return held(file, sample -> ((sample.outcome().text().hashCode() * 0x9E3779B1) >>> 8) % FOLDS);
  }

  /** The same with whole subjects held back. */
  List<Told> bySubject(Function<Learned, byte[]> file) {
    List<String> subjects =
        samples.stream().map(sample -> sample.outcome().subject()).distinct().sorted().toList();
    return held(file, sample -> subjects.indexOf(sample.outcome().subject()) % FOLDS);
  }

  /**
   * What was learned of the two kinds of text.
   *
   * @param choice of questions with answers to choose from
   * @param open of others
   */
  record Learned(GainWeights choice, GainWeights open) {

    /** Puts all into a model's header and sections. */
    void putInto(ObjectNode header, Map<String, byte[]> sections) {
      ObjectNode complexity = header.putObject("complexity");
      choice.putInto(complexity, sections);
      open.putInto(complexity, sections);
    }
  }

  /**
   * An outcome, and its complexity by a model that has not seen it.
   *
   * @param outcome the outcome
   * @param complexity 0..1
   */
  record Told(Outcome outcome, double complexity) {}

  private Learned learn(List<GainSample> from) {
    return new Learned(
        GainWeights.learn("choice", only(from, GainSample::choice), CHOICE_LENGTH, seed),
        GainWeights.learn("open", only(from, ComplexityTraining::isOpen), OPEN_LENGTH, seed));
  }

  private static boolean isOpen(GainSample sample) {
    return !sample.choice() && OPEN_SETS.contains(sample.outcome().set());
  }

  private static List<GainSample> only(List<GainSample> from, Predicate<GainSample> kept) {
    return from.stream().filter(kept).collect(Collectors.toList());
  }

  private List<Told> held(Function<Learned, byte[]> file, ToIntFunction<GainSample> fold) {
    Told[] told = new Told[samples.size()];
    IntStream.range(0, FOLDS)
        .parallel()
        .forEach(out -> {
          List<GainSample> others = new ArrayList<>();
          for (GainSample sample : samples) {
            if (fold.applyAsInt(sample) != out) {
              others.add(sample);
            }
          }
          Classifier classifier = new Classifier(ModelFile.of(file.apply(learn(others))));
          for (int i = 0; i < told.length; i++) {
            Outcome outcome = samples.get(i).outcome();
            if (fold.applyAsInt(samples.get(i)) == out) {
              told[i] =
                  new Told(
                      outcome,
                      classifier.classify(outcome.text(), RequestShape.PLAIN).complexity());
            }
          }
        });
    return Arrays.asList(told);
  }
}
