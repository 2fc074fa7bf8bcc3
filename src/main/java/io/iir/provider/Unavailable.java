package io.iir.provider;

/**
 * Why a model cannot be called just now.
 *
 * @param words in words that go behind its name
 * @param limited whether all that stands in the way are its provider's limits
 * @param retrySeconds in how many seconds it is worth asking again
 */
public record Unavailable(String words, boolean limited, long retrySeconds) {}
