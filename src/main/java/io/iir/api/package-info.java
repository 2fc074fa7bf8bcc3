/** The APIs that clients speak: requests out of them, answers into them. */
@NullMarked
package io.iir.api;

import org.jspecify.annotations.NullMarked;
