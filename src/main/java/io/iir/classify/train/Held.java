package io.iir.classify.train;

import java.util.Arrays;

/** A prompt and what a model that has not seen it says of it. */
final class Held {

  private final Prompt prompt;
  private final double[] scores;

  /** {@code scores}: of the prompt's categories. */
  Held(Prompt prompt, double[] scores) {
    this.prompt = prompt;
    this.scores = scores;
  }

  Prompt prompt() {
    return prompt;
  }

  double[] scores() {
    return scores;
  }

  /** The same, as sure as {@code temperature} makes it. */
  Held at(double temperature) {
    return new Held(prompt, Arrays.stream(scores).map(score -> score / temperature).toArray());
  }
}
