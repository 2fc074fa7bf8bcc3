/** Answers kept in memory, exact and by tenant. */
@NullMarked
package io.iir.cache;

import org.jspecify.annotations.NullMarked;
