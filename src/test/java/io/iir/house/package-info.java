/** Rules that keep the house in order: code, routes and documents say the same. */
@NullMarked
package io.iir.house;

import org.jspecify.annotations.NullMarked;
