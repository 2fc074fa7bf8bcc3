/** Rate limits: requests and tokens a minute, and requests at a time. */
@NullMarked
package io.iir.throttle;

import org.jspecify.annotations.NullMarked;
