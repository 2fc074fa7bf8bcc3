package io.iir.classify.train;

/**
 * A labelled request.
 *
 * @param text what was asked
 * @param category what it asks for, as an index of the categories told from text
 * @param language ISO 639-1 code, {@code xx} if not English and not known
 * @param lookalike whether its words point at another category than it asks for
 * @param source where it comes from; prompts of one source resemble each other
 * @param gathered whether it names its source itself, as prompts gathered from elsewhere do; those
 *     of a file that is its own source were written by the same hands
 */
record Prompt(
    String text,
    int category,
    String language,
    boolean lookalike,
    String source,
    boolean gathered) {}
