/**
 * The database, SQLite in the data directory or a PostgreSQL: where it lies, how it is opened,
 * brought up to date and watched.
 */
@NullMarked
package io.iir.store;

import org.jspecify.annotations.NullMarked;
