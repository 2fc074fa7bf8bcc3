package io.iir.feedback;

import org.jspecify.annotations.Nullable;

/**
 * Scores of requests of like complexity, as they were and as the curves have them.
 *
 * @param from the lowest complexity
 * @param to the next one's
 * @param weakEvents how many scores of the weak model
 * @param weakScore their mean; null: there is none
 * @param weakExpected what the curve expects of it
 * @param strongEvents the same of the strong model
 * @param strongNeeded how probable it is that the strong model is needed
 */
public record Bin(
    double from,
    double to,
    int weakEvents,
    @Nullable Double weakScore,
    double weakExpected,
    int strongEvents,
    @Nullable Double strongScore,
    double strongExpected,
    double strongNeeded) {}
