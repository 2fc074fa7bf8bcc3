package io.iir.classify;

import java.io.IOException;

/**
 * A slower reader of texts, whose scores are added to those of the {@link Classifier} where that is
 * unsure. A module that has one names it in {@code META-INF/services}.
 */
public interface SecondStage extends AutoCloseable {

  /**
   * Reads what is needed for {@link #scores}; takes up to a second. Called once, before all else.
   *
   * @throws IOException if something cannot be read or is not what it should be; the message says
   *     what
   */
  void open() throws IOException;

  /**
   * What speaks for each category, in the order of the eight that are told from text: to be added
   * to the first stage's scores, these weighted by {@link #firstWeight}. Takes milliseconds of a
   * processor; several threads may ask at a time.
   */
  double[] scores(String text);

  /** The version of the {@link Classifier} beside which {@link #scores} were fitted. */
  String fittedBeside();

  /** How much the first stage's scores, as its model sums them up, count beside {@link #scores}. */
  double firstWeight();

  /** Gives back what {@link #open} took. */
  @Override
  void close();
}
