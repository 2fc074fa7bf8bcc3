package io.iir.feedback;

import org.jspecify.annotations.Nullable;

/**
 * A request that was answered, as the ledger knows it.
 *
 * @param keyId whose it was
 * @param requestId its {@code x-request-id}
 * @param model who answered
 * @param category what was asked for
 * @param complexity 0 to 1
 * @param classifier the classifier's version, on whose scale that is
 * @param pair between whom it was a choice; null: it was none
 */
public record Served(
    String keyId,
    String requestId,
    String model,
    String category,
    double complexity,
    String classifier,
    @Nullable Pair pair) {}
