/** Who used what and what it cost: one row a request, kept for good. */
@NullMarked
package io.iir.usage;

import org.jspecify.annotations.NullMarked;
