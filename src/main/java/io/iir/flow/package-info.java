/**
 * The flow: one Camel route a step, the variables they share, and the one place that maps errors.
 */
@NullMarked
package io.iir.flow;

import org.jspecify.annotations.NullMarked;
