/** Providers and the models they offer, from configuration, environment and their own lists. */
@NullMarked
package io.iir.provider;

import org.jspecify.annotations.NullMarked;
