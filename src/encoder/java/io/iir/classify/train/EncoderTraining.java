package io.iir.classify.train;

import io.iir.classify.ModelFile;
import io.iir.classify.encoder.onnx.Head;
import io.iir.classify.encoder.onnx.SentenceEncoder;
import io.iir.classify.train.HeadRegression.Example;
import io.iir.classify.train.SoftmaxRegression.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Trains the second stage's head, beside the first stage that ships, on the labelled prompts that
 * it was trained on, and measures both stages together on prompts held back as {@link Training}
 * does. The same prompts give the same head on the same machine; the encoder's own numbers differ
 * between processors in their last digits.
 */
public final class EncoderTraining {

  private static final long SEED = 1;

  /** What the head's scores count beside the first stage's; chosen by leaving sources out. */
  private static final double SHARE = 0.7;

  private final List<Sample> samples;
  private final List<Example> examples;

  private EncoderTraining(List<Sample> samples, List<Example> examples) {
    this.samples = samples;
    this.examples = examples;
  }

  /** Files or folders of prompts, then the head's file to write and the report's. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      throw new IllegalArgumentException(
          "Give files of prompts, the head's file and the report's.");
    }
    List<Path> paths = Arrays.stream(arguments).map(Path::of).toList();
    int last = paths.size() - 1;
    List<Prompt> prompts =
        paths.subList(0, last - 1).stream().map(PromptFile::read).flatMap(List::stream).toList();
    try (SentenceEncoder encoder = SentenceEncoder.open()) {
      List<Example> examples =
          prompts.parallelStream()
              .map(prompt -> new Example(encoder.embed(prompt.text()), prompt.category()))
              .toList();
      EncoderTraining training = new EncoderTraining(Sample.of(prompts), examples);
      training.write(paths.get(last - 1), paths.get(last));
    }
  }

  private void write(Path file, Path report) throws IOException {
    HeldBack held = HeldBack.of(samples, this::held);
    double temperature = held.temperature();
    Files.writeString(
        report,
        held.report(
                "How good the classifier with its encoder is",
                "Both stages, asked about each prompt.",
                SEED)
            .toString());
    float[][] weights = HeadRegression.train(examples, SEED);
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= (float) (SHARE / temperature);
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      new Head(ModelFile.shipped().version(), (float) (1 / temperature), weights).write(out);
    }
  }

  /** The sums of both stages' scores, each by models that have not seen the prompt. */
  private List<Held> held(int folds, ToIntFunction<Prompt> fold) {
    List<Held> first = CrossValidation.run(samples, folds, fold, Settings.CHOSEN);
    Held[] both = new Held[examples.size()];
    IntStream.range(0, folds)
        .parallel()
        .forEach(out -> {
          List<Example> others = new ArrayList<>();
          for (int i = 0; i < both.length; i++) {
            if (fold.applyAsInt(first.get(i).prompt()) != out) {
              others.add(examples.get(i));
            }
          }
          Head head = new Head("", 1, HeadRegression.train(others, SEED));
          for (int i = 0; i < both.length; i++) {
            if (fold.applyAsInt(first.get(i).prompt()) == out) {
              double[] sum = head.scores(examples.get(i).embedding());
              for (int c = 0; c < sum.length; c++) {
                sum[c] = first.get(i).scores()[c] + SHARE * sum[c];
              }
              both[i] = new Held(first.get(i).prompt(), sum);
            }
          }
        });
    return Arrays.asList(both);
  }
}
