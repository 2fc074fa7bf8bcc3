/** When a call that has failed is made once more: the pause before it, and how many may be. */
@NullMarked
package io.iir.retry;

import org.jspecify.annotations.NullMarked;
