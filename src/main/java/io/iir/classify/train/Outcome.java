package io.iir.classify.train;

/**
 * A question and how well a weak and a strong model answered it.
 *
 * @param text what was asked
 * @param set where it comes from, such as {@code mmlu}
 * @param subject the part of the set, or the set's name where it has no parts
 * @param weak 0 (wrong) to 1 (right)
 * @param strong 0 (wrong) to 1 (right)
 * @param pair whether the two are single models; else they are means of several
 */
record Outcome(String text, String set, String subject, double weak, double strong, boolean pair) {

  /** What a strong model wins over a weak one. */
  double gain() {
    return strong - weak;
  }
}
