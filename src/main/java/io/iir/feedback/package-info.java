/** What answers were worth, and what that says about when the strong of two models is needed. */
@NullMarked
package io.iir.feedback;

import org.jspecify.annotations.NullMarked;
