/** The names of all meters, and the meters themselves. */
@NullMarked
package io.iir.metrics;

import org.jspecify.annotations.NullMarked;
