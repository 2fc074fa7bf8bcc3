/**
 * The limits and budgets that several gateways share, in Redis; and what holds while it is away.
 */
@NullMarked
package io.iir.throttle.shared;

import org.jspecify.annotations.NullMarked;
