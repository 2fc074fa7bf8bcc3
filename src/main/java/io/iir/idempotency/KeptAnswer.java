package io.iir.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * An answer as its client got it. Immutable: nobody may change the bytes.
 *
 * @param status its status
 * @param contentType what its body is
 * @param provider whose model answered; null: none did
 * @param model the model; null: none did
 * @param body its body: events where it was a stream
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record KeptAnswer(
    int status,
    String contentType,
    @Nullable String provider,
    @Nullable String model,
    byte[] body) {}
