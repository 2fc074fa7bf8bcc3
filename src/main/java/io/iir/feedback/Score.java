package io.iir.feedback;

/**
 * What an answer was worth.
 *
 * @param served what was answered
 * @param score from 0, of no use, to 1, all that was wanted
 */
record Score(Served served, double score) {}
