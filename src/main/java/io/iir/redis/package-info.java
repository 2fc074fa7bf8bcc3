/** The Redis that several gateways share: calls to it, within a time, or a quick refusal. */
@NullMarked
package io.iir.redis;

import org.jspecify.annotations.NullMarked;
