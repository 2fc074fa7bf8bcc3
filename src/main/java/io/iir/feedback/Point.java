package io.iir.feedback;

import org.jspecify.annotations.Nullable;

/**
 * A point of the cost-quality curve.
 *
 * @param share of requests that go to the strong model: the most complex ones
 * @param threshold from which complexity on that is; null: from none
 * @param quality the score that is expected of an answer
 * @param kept its share of what the strong model alone is expected to reach
 * @param gapRecovered RouteLLM's performance gap recovered (arXiv 2406.18665, section 3): how far
 *     it is from the weak model alone, 0, to the strong one alone, 1; null: there is no gap
 */
public record Point(
    double share,
    @Nullable Double threshold,
    double quality,
    double kept,
    @Nullable Double gapRecovered) {}
