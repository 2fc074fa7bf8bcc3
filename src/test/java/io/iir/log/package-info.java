/** Tests of the log. */
@NullMarked
package io.iir.log;

import org.jspecify.annotations.NullMarked;
