/** The protocols that providers speak: requests into them, answers out of them. */
@NullMarked
package io.iir.protocol;

import org.jspecify.annotations.NullMarked;
