package io.iir.usage;

import org.jspecify.annotations.Nullable;

/**
 * What the classifier said of a conversation, and between whom its answer was a choice.
 *
 * @param category its wire name
 * @param complexity 0 to 1
 * @param classifier its version, on whose scale that is
 * @param weak the cheapest model that could have answered, where price was to decide; else null
 * @param strong the strongest one; null where {@code weak} is
 */
public record Classified(
    String category,
    double complexity,
    String classifier,
    @Nullable String weak,
    @Nullable String strong) {}
