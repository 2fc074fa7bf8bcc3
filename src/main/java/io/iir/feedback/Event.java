package io.iir.feedback;

import org.jspecify.annotations.Nullable;

/**
 * What one answer was worth.
 *
 * @param model who answered
 * @param complexity of the request, 0 to 1
 * @param score of the answer, 0 to 1
 * @param pair between whom the request was a choice; null: it was none
 */
record Event(String model, double complexity, double score, @Nullable Pair pair) {}
