/** Tests of traces. */
@NullMarked
package io.iir.trace;

import org.jspecify.annotations.NullMarked;
