/** The database in the data directory: where it lies, how it is opened and brought up to date. */
@NullMarked
package io.iir.store;

import org.jspecify.annotations.NullMarked;
