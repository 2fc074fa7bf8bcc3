/** Which models a machine can run, how fast, and how they are started: pure functions. */
@NullMarked
package io.iir.recommend;

import org.jspecify.annotations.NullMarked;
