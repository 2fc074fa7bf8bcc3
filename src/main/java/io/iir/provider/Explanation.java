package io.iir.provider;

import java.util.List;

/**
 * What a request gets of the models that targets mean, and why it does not get the others.
 * Immutable.
 *
 * @param chosen best first
 * @param leftOut each model once, by the order of {@link LeftOut.Cause}
 */
public record Explanation(List<Candidate> chosen, List<LeftOut> leftOut) {
  public Explanation {
    chosen = List.copyOf(chosen);
    leftOut = List.copyOf(leftOut);
  }
}
