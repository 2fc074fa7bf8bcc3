package io.iir.classify.encoder;

import io.iir.classify.MoreScores;
import org.jspecify.annotations.Nullable;

/**
 * What the second stage says of a text.
 *
 * @param scores to be added to the first stage's; null where there are none, whose answer then
 *     stands
 */
public record Opinion(Result result, @Nullable MoreScores scores) {

  static Opinion none(Result result) {
    return new Opinion(result, null);
  }
}
