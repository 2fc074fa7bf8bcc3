package io.iir.classify.encoder;

import java.time.Duration;

/**
 * What the second stage may take.
 *
 * @param timeout how long a text may wait for its scores
 * @param threads how many texts are read at a time, each by a thread of its own
 * @param kept the scores of how many texts are kept
 */
public record Bounds(Duration timeout, int threads, int kept) {}
