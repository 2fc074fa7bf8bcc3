package io.iir.feedback;

import io.iir.openai.ChatRequest;

/**
 * An answer that is to be compared with another model's.
 *
 * @param served what was answered, a choice between two models
 * @param request what was asked
 * @param answer the text of the answer
 */
public record Comparison(Served served, ChatRequest request, String answer) {

  /** The model that did not answer. */
  String other() {
    Pair pair = pair();
    return served.model().equals(pair.weak()) ? pair.strong() : pair.weak();
  }

  /** The two models. */
  Pair pair() {
    Pair pair = served.pair();
    if (pair == null) {
      throw new IllegalStateException("an answer is compared without a pair");
    }
    return pair;
  }

  /** Says nothing of what was said. */
  @Override
  public String toString() {
    return "Comparison[%s, %s]".formatted(served.requestId(), served.model());
  }
}
