/**
 * Requests that carry an {@code Idempotency-Key}: each is answered once, and its repetitions get
 * the answer that it got.
 */
@NullMarked
package io.iir.idempotency;

import org.jspecify.annotations.NullMarked;
