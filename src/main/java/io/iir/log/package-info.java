/** What the log looks like, and the line that it has of each request. */
@NullMarked
package io.iir.log;

import org.jspecify.annotations.NullMarked;
