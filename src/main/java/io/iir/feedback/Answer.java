package io.iir.feedback;

/**
 * An answer that a client got.
 *
 * @param served what it was to
 * @param whole whether it was a success to its end
 * @param wanted whether the client itself named the model, or asked for quality: no choice of the
 *     gateway's
 * @param beganMillis when the request came
 * @param endedMillis when the answer had ended
 */
public record Answer(
    Served served, boolean whole, boolean wanted, long beganMillis, long endedMillis) {}
