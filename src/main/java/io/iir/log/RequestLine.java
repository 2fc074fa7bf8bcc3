package io.iir.log;

import org.jspecify.annotations.Nullable;

/**
 * What the log says of one request; null: there is none.
 *
 * @param requestId the request's id
 * @param traceId its trace's
 * @param spanId its span's
 * @param keyId what the key that called is administered by; never the key
 * @param team the key's team
 * @param route the entry
 * @param provider who answered
 * @param model with which model
 * @param status what the client was told; 499 if it had left
 * @param outcome what became of the request, in a word
 * @param cache what the cache did
 * @param inputTokens of the prompt; -1: none was sent
 * @param outputTokens of the answer; -1: there was none
 * @param nanos how long it took
 */
public record RequestLine(
    String requestId,
    @Nullable String traceId,
    @Nullable String spanId,
    @Nullable String keyId,
    @Nullable String team,
    String route,
    @Nullable String provider,
    @Nullable String model,
    int status,
    String outcome,
    @Nullable String cache,
    long inputTokens,
    long outputTokens,
    long nanos) {}
