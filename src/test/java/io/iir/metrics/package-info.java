/** Tests of the meters. */
@NullMarked
package io.iir.metrics;

import org.jspecify.annotations.NullMarked;
