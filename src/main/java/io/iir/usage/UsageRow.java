package io.iir.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one request used. Nothing of what was said.
 *
 * @param id its own, in the order of time: see {@code RowIds}
 * @param at when the request came
 * @param requestId as {@code x-request-id} has it
 * @param keyId the key's id
 * @param team the key's team; null: none
 * @param route the entry that it came by
 * @param model the model that answered, {@code <provider>/<model>}; null: none did
 * @param promptTokens tokens of the prompt that were paid for
 * @param cachedTokens those of them that the provider had in its cache
 * @param completionTokens tokens of the answer that were paid for
 * @param costNanoUsd what it cost, in billionths of a USD
 * @param status the HTTP status that the client was told, or was to be told; 499: it left before
 * @param outcome as the meter {@code iir.requests} has it
 * @param cache as {@code x-iir-cache} has it; null: it was not asked
 * @param latencyMillis from its arrival to its end
 * @param firstTokenMillis from its arrival to the first token; -1: there was none
 * @param classified what the classifier said of it; null: it is no conversation, or was refused
 *     before
 */
public record UsageRow(
    long id,
    Instant at,
    String requestId,
    String keyId,
    @Nullable String team,
    String route,
    @Nullable String model,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long costNanoUsd,
    int status,
    String outcome,
    @Nullable String cache,
    long latencyMillis,
    long firstTokenMillis,
    @Nullable Classified classified) {}
