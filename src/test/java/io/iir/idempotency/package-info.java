@NullMarked
package io.iir.idempotency;

import org.jspecify.annotations.NullMarked;
